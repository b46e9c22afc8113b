"""A classifier of the attributes of faces."""

import keras
from keras import layers

from gan_tf.features.pretrained import Pretrained
from gan_tf.registry import FEATURES


@FEATURES.register("celeb_a_attributes")
class CelebAAttributes(Pretrained):
    """A small classifier of the 40 attributes of CelebA faces; RGB images, 64 features.

    Features are its penultimate layer, linear, minus a mean, times a constant. The attributes are
    not mutually exclusive, so there are no class probabilities. Images that are not 64x64 are
    resized. For its training, on 8,500 faces, see experiments/features.

    Args:
        image_shape: of the images, default None: any.

    Raises:
        UserError: for grayscale images.
    """

    name = "celeb_a_attributes"
    channels = (3,)
    size = 64
    label_names = (
        "5_o_Clock_Shadow",
        "Arched_Eyebrows",
        "Attractive",
        "Bags_Under_Eyes",
        "Bald",
        "Bangs",
        "Big_Lips",
        "Big_Nose",
        "Black_Hair",
        "Blond_Hair",
        "Blurry",
        "Brown_Hair",
        "Bushy_Eyebrows",
        "Chubby",
        "Double_Chin",
        "Eyeglasses",
        "Goatee",
        "Gray_Hair",
        "Heavy_Makeup",
        "High_Cheekbones",
        "Male",
        "Mouth_Slightly_Open",
        "Mustache",
        "Narrow_Eyes",
        "No_Beard",
        "Oval_Face",
        "Pale_Skin",
        "Pointy_Nose",
        "Receding_Hairline",
        "Rosy_Cheeks",
        "Sideburns",
        "Smiling",
        "Straight_Hair",
        "Wavy_Hair",
        "Wearing_Earrings",
        "Wearing_Hat",
        "Wearing_Lipstick",
        "Wearing_Necklace",
        "Wearing_Necktie",
        "Young",
    )

    @classmethod
    def network(cls):
        """Builds the network: (n, 64, 64, 3) in [-1, 1] -> (n, 64) and (n, 40) logits."""
        images = x = keras.Input((cls.size, cls.size, 3))
        for width in (16, 32, 64, 96):
            x = layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
            x = layers.ReLU()(layers.BatchNormalization()(x))
            x = layers.MaxPooling2D()(x)
        x = layers.Dropout(0.3)(layers.Flatten()(x))
        features = layers.Dense(64)(x)
        logits = layers.Dense(40)(layers.ReLU()(features))
        return keras.Model(images, [features, logits])
