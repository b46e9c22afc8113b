"""Self-supervision of the discriminator: its maps are decoded into what it sees."""

import keras
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.networks.architecture import MAPS
from gan_tf.networks.fastgan import decoder
from gan_tf.networks.moments import widened
from gan_tf.networks.normalization import is_synchronized, synchronize
from gan_tf.registry import CONTENT_LOSSES, TRICKS
from gan_tf.tricks.trick import Trick


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("reconstruction")
class Reconstruction(Trick):
    """Reconstruction (FastGAN): decoders make real images of the discriminator's maps.

    Three decoders, trained with the discriminator, reconstruct the reals as it sees them, after
    augmentation: the whole image, at half its size, of the last map and of the branch for small images,
    and a quarter of the image, chosen at random in each step, of that quarter of a larger map. So the
    maps must describe all of an image, and a few reals are harder to memorize.

    Source: Liu et al., "Towards Faster and Stabilized GAN Training for High-fidelity Few-shot Image
    Synthesis", 2021 (https://arxiv.org/abs/2101.04775), section 3.2, where the distance is LPIPS,
    summed over a batch of 8.

    Args:
        distance: a content loss with its weight, default "l1(1)", which needs no weights of a network.
        width: of the decoders, channels at 128 pixels, from 1; default 8, 32 as published.
    """

    hooks = ("discriminator_loss",)
    modalities = ("image",)
    metrics = ("reconstruction_loss",)
    needs_maps = True

    def __init__(self, distance: str = "l1(1)", width: int = 8):
        if width < 1:
            raise UserError(f"reconstruction(width={width}): the width must be 1 or more.")
        self.distance = distance
        self.width = width
        self._compare = CONTENT_LOSSES.build(distance)

    def attach(self, gan):
        critic = gan.networks["discriminator"]
        if not set(MAPS) <= {layer.name for layer in critic.layers}:
            raise UserError(
                "reconstruction needs a discriminator whose maps can be decoded: give --arch=fastgan."
            )
        (height, width, channels), whole, small, parts = (
            tuple(critic.get_layer(each).output.shape[1:]) for each in MAPS
        )
        made = height // 2, width // 2, channels
        self._compare.check(made)
        whole_batch = any(map(is_synchronized, gan.networks.values()))
        shapes = {"whole": whole, "small": small, "part": (*whole[:2], parts[-1])}
        for name, shape in shapes.items():
            network = decoder(shape, made, self.width, f"{name}_decoder")
            synchronize(network, whole_batch)
            gan.add_network(network.name, network, trained_by="discriminator")

    def discriminator_loss(self, gan, loss, batch):
        seen, whole, small, parts = (batch.real_output.maps[name] for name in MAPS)
        seen = tf.stop_gradient(widened(seen))
        corner = keras.random.randint((2,), 0, 2, seed=gan.random)
        half = tf.nn.avg_pool2d(seen, 2, 2, "VALID")
        tasks = {
            "whole": (whole, half),
            "small": (small, half),
            "part": (_quarter(parts, corner), _quarter(seen, corner)),
        }
        decoded = {
            name: gan.networks[f"{name}_decoder"](maps, training=True)
            for name, (maps, _) in tasks.items()
        }
        distances = [self._compare(decoded[name], target) for name, (_, target) in tasks.items()]
        total = tf.add_n(distances)
        gan.log(reconstruction_loss=total)
        return loss + total


def _quarter(maps, corner):
    """A quarter of maps (batch, H, W, C); its corner, int (2,), says which: 0 upper or left, 1 else."""
    height, width, channels = maps.shape[1] // 2, maps.shape[2] // 2, maps.shape[3]
    begin = tf.concat([[0], corner * [height, width], [0]], 0)
    size = tf.stack([tf.shape(maps)[0], height, width, channels])
    return tf.ensure_shape(tf.slice(maps, begin, size), (None, height, width, channels))
