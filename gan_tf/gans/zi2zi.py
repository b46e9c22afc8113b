"""zi2zi: pix2pix from one style to many, each named by a label."""

import dataclasses

import keras
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.gans.batch import Batch
from gan_tf.gans.example_sampling import resized
from gan_tf.gans.pix2pix import Pix2Pix
from gan_tf.networks import build as networks
from gan_tf.registry import GANS
from gan_tf.tricks.classes import class_hits


@keras.saving.register_keras_serializable("gan_tf")
@GANS.register("zi2zi")
class Zi2Zi(Pix2Pix):
    """zi2zi (Tian, 2017): translates characters of one font to many, by a label for each font.

    A pix2pix whose generator takes a label, too: its encoder knows nothing of the label, and its
    decoder sees an embedding of it beside the code. The discriminator classifies pairs, too: both
    networks minimize the cross-entropy of the class of fakes, and the discriminator that of reals, the
    mean of both. A constancy loss keeps the code of an output near that of its source.

    Logged as for `Pix2Pix`, and `constancy_loss` and `category_loss`, both weighted, the latter of the
    discriminator's update, and `real_class_accuracy` and `fake_class_accuracy`.

    Source: https://github.com/kaonashi-tyc/zi2zi. Departures: the label also selects a scale and a
    shift after each normalization of the decoder, which is an option there (--conditional=category
    is without); with `shuffle`, the losses of both batches of fakes are averaged, where the authors
    add some of them.

    Args:
        generator: a Keras model: [sources (batch, h, w, C) in [-1, 1], int labels (batch,)] -> (batch,
            H, W, D), with a layer "condition" whose first input is the code of the source.
        discriminator: a Keras model: [targets or outputs, sources] -> a dict of "logits" and
            "class_logits" (batch, classes).
        seed, tricks, **kwargs: as for `GAN`.
        category: weight of the cross-entropy of classes, sigmoid by class, 0 or more, default 1.
        constancy: weight of the mean squared difference of codes, 0 or more, default 15.
        shuffle: whether to translate each batch of sources a second time, with labels in random
            order; all losses but the content losses count for these outputs, too. For a later phase of
            training (--init_from), when the discriminator's loss is near 0. Default False.
    """

    commands = ("translate", "evaluate", "explore", "export")
    supported = (
        "conditional",
        "penalty",
        "discriminator_steps",
        "generator_steps",
        "content_loss",
        "discriminator",
    )
    of_pairs = ("content_loss", "constancy_loss")
    logged = (
        *Pix2Pix.logged,
        "constancy_loss",
        "category_loss",
        "real_class_accuracy",
        "fake_class_accuracy",
    )
    default_discriminator = "zi2zi"
    default_conditional = "category(norm=True)"

    def __init__(
        self,
        generator,
        discriminator,
        seed=0,
        tricks=(),
        category: float = 1.0,
        constancy: float = 15.0,
        shuffle: bool = False,
        **kwargs,
    ):
        self.check_options(category, constancy, shuffle)
        self.category, self.constancy, self.shuffle = category, constancy, shuffle
        super().__init__(generator, discriminator, seed, tricks, **kwargs)
        self._translate, self._encode = _with_codes(generator)

    def check_pair(self, generator, discriminator):
        """Raises a `UserError` unless the networks take and give what the class says."""
        super().check_pair(generator, discriminator)
        if len(generator.inputs) != 2 or "condition" not in [
            each.name for each in generator.layers
        ]:
            raise UserError(
                "The generator of Zi2Zi takes sources and labels, and has a layer named 'condition', which "
                "joins an embedding of the label to the code of the source."
            )
        if not (isinstance(discriminator.output, dict) and "class_logits" in discriminator.output):
            raise UserError(
                "The discriminator of Zi2Zi classifies: let it have a dict of 'logits' and 'class_logits'."
            )
        takes, makes = generator.inputs[0].shape[1:], generator.outputs[0].shape[1:]
        if self.constancy and takes != makes:
            raise UserError(
                f"The constancy loss encodes outputs, of shape {makes}, as sources, of shape {takes}: they "
                "must have the same shape, or give constancy=0."
            )

    @classmethod
    def check_options(cls, category=1.0, constancy=15.0, shuffle=False):
        del shuffle
        for name, weight in (("category", category), ("constancy", constancy)):
            if weight < 0:
                raise UserError(f"zi2zi({name}={weight}): a weight must be 0 or more.")

    @classmethod
    def build_network(cls, name, spec, **_):
        return {"generator": networks.translator, "discriminator": networks.pair_discriminator}[
            name
        ](spec)

    def get_config(self):
        config = super().get_config()
        del config["color"]
        own = {name: getattr(self, name) for name in ("category", "constancy", "shuffle")}
        return config | own

    def generate_batch(self, real, source, labels, training=True):
        """Translates the sources to their labels and, with `shuffle`, once more to others."""
        batch = self._translated(real, source, labels, training)
        if not (self.shuffle and training):
            return batch
        shuffled = keras.random.shuffle(labels, seed=self.random)
        return dataclasses.replace(batch, others=self._translated(None, source, shuffled, training))

    def _translated(self, real, source, labels, training):
        fake, codes = self._translate([source, labels], training=training)
        sources = resized(source, fake.shape[1:3])
        return Batch(real, fake, labels, sources=sources, codes=tf.cast(codes, tf.float32))

    def discriminator_loss(self, batch, real, fake):
        loss = super().discriminator_loss(batch, real, fake)
        categories = [self._category_loss(each, batch.labels) for each in (real, fake)]
        if batch.others:
            other = self.discriminate(batch.others.fake, batch.others.sources)
            of_others = self.adversarial_loss.discriminator(real.logits, other.logits)
            loss = (loss + tf.reduce_mean(of_others)) / 2
            categories.append(self._category_loss(other, batch.others.labels))
        category_loss = tf.add_n(categories) / len(categories)
        self.log(
            category_loss=category_loss,
            real_class_accuracy=class_hits(real, batch.labels),
            fake_class_accuracy=class_hits(fake, batch.labels),
        )
        return loss + category_loss

    def inverse_loss(self, batch):
        """Returns the adversarial and the category loss of the fakes, including tricks."""
        loss = super().inverse_loss(batch)
        loss += self._category_loss(batch.fake_output, batch.labels)
        if not batch.others:
            return loss
        others = batch.others
        output = self.discriminate(others.fake, others.sources)
        found = self.inverse_losses(batch.real_output.logits, output.logits)
        of_others = tf.add_n([tf.reduce_mean(each) for each in found])
        return (loss + of_others + self._category_loss(output, others.labels)) / 2

    def losses_of_pairs(self, batch):
        """Returns the weighted sum of the content losses, and the constancy loss."""
        losses = super().losses_of_pairs(batch)
        batches = [batch, *([batch.others] if batch.others else [])]
        found = [tf.zeros(())] if not self.constancy else map(self._change_of_code, batches)
        constancy = self.constancy * tf.add_n([*found]) / len(batches)
        return losses | {"constancy_loss": constancy}

    def _change_of_code(self, batch):
        """The mean squared difference of the codes of sources and of their outputs."""
        codes = tf.cast(self._encode(batch.fake, training=True), tf.float32)
        return tf.reduce_mean(tf.square(codes - batch.codes))

    def _category_loss(self, output, labels):
        logits = output.named("class_logits")
        wanted = tf.one_hot(tf.cast(labels, tf.int32), logits.shape[-1])
        found = tf.nn.sigmoid_cross_entropy_with_logits(wanted, logits)
        return self.category * tf.reduce_mean(found)


def _with_codes(generator):
    """A generator as two functions: inputs -> (outputs, codes of the sources), and sources -> codes."""
    code = generator.get_layer("condition").input[0]
    both = keras.Model(generator.inputs, [generator.outputs[0], code])
    encoder = keras.Model(generator.inputs[0], code)

    def translate(inputs, training):
        return both(inputs, training=training)

    def encode(sources, training):
        return encoder(sources, training=training)

    return translate, encode
