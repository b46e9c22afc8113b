"""CycleGAN: two generators between two domains, each against a discriminator of its own."""

import dataclasses

import keras
import tensorflow as tf

from gan_tf.data.examples import SOURCE, TARGET
from gan_tf.errors import UserError
from gan_tf.gans.batch import Batch, trimmed
from gan_tf.gans.discriminator_output import as_function
from gan_tf.gans.example_sampling import ExampleSampling
from gan_tf.gans.game import Game
from gan_tf.gans.image_pool import ImagePool
from gan_tf.gans.standard import GAN
from gan_tf.networks import build as networks
from gan_tf.registry import GANS
from gan_tf.tricks.classes import class_hits, class_loss

_PREVIEWED = 16  # images of each domain in a snapshot
_OPTIONS = ("cycle", "identity", "pool", "noise", "self_regularization", "category")
_OF_CLASSES = ("category_loss", "real_class_accuracy", "fake_class_accuracy")
_BLOCK = 4  # pixels, over which outputs and sources are averaged before they are compared
_COLUMNS = 6  # a, G(a), F(G(a)), b, F(b), G(F(b))
_BOTH_WAYS = [
    f"{name}_{direction}"
    for direction in ("a_to_b", "b_to_a")
    for name in ("discriminator_loss", "generator_loss", "cycle_loss")
]


class Direction(Game):
    """One of the two games: a generator into a domain against the discriminator of that domain.

    Everything else is the GAN's: loss, penalties, tricks, random numbers, logging.

    Args:
        gan: the `CycleGAN`.
        generator, discriminator: the networks.
        pool: the `ImagePool` of the generator's outputs.
    """

    _packing = 1

    def __init__(self, gan, generator, discriminator, pool):
        self._gan = gan
        self.generator, self.discriminator, self.pool = generator, discriminator, pool
        self._discriminate = as_function(discriminator, training=True)
        self.infer_discriminator = as_function(discriminator, training=False)

    def __getattr__(self, name):
        return getattr(self._gan, name)

    def trainable_variables_of(self, name):
        """Returns the variables of its own "generator" or "discriminator"."""
        return getattr(self, name).trainable_variables

    def translated(self, real, source, labels=None, source_labels=None, training=True):
        """Returns the `Batch` of the domain's reals, and of translated images of the other domain."""
        fake = self.generator(source, training=training)
        return Batch(real, fake, labels, sources=source, source_labels=source_labels)

    def discriminator_loss(self, batch, real, fake):
        loss = super().discriminator_loss(batch, real, fake)
        return loss + self.class_loss("real", real, batch.labels, "category_loss")

    def inverse_loss(self, batch):
        loss = super().inverse_loss(batch)
        return loss + self.class_loss("fake", batch.fake_output, batch.source_labels)

    def class_loss(self, which, output, labels, name=None):
        """The weighted cross-entropy of labels, 0 if there is none; and logs what belongs to it."""
        if not self.category:
            return 0.0
        loss = self.category * class_loss(output, labels)
        self.log(
            **{f"{which}_class_accuracy": class_hits(output, labels)},
            **({name: loss} if name else {}),
        )
        return loss


@keras.saving.register_keras_serializable("gan_tf")
@GANS.register("cyclegan")
class CycleGAN(ExampleSampling, GAN):
    """CycleGAN (Zhu et al., 2017): translates between two domains, from images without counterparts.

    Two standard games: the generator G makes images of domain B of those of A, against the
    discriminator of B; the inverse generator F makes images of A of those of B, against the
    discriminator of A. What makes a translation keep its source is that the other generator has to
    restore it: the cycle loss. One optimizer trains both generators, one both discriminators.

    The generators' loss is the sum of both adversarial losses; `cycle` times the mean absolute
    differences of F(G(a)) to a, and of G(F(b)) to b; and `cycle` times `identity` times those of
    G(b) to b, and of F(a) to a. Each discriminator sees some earlier outputs instead of new ones:
    see `gan_tf.gans.image_pool.ImagePool`; the pools are part of checkpoints.

    Logged as for the standard GAN: generator_loss is that of both generators together, the values of
    discriminators are means of the two; `cycle_loss`, `identity_loss` and `self_regularization_loss`,
    the weighted sums; and of each game the discriminator's loss, the adversarial loss of the generator
    (with that of classes), and the weighted cycle loss of its sources, such as `cycle_loss_a_to_b`, that of
    F(G(a)). With `category`: the weighted `category_loss` of discriminators, `real_class_accuracy` and
    `fake_class_accuracy`.

    Source: https://arxiv.org/abs/1703.10593, section 3; the identity loss, section 5.2; the pool,
    section 4. Departure: the loss least_squares halves the adversarial loss of generators, which the
    paper does not, so that cycle=5 has the paper's proportions.

    Args:
        generator: a Keras model: images of A, (batch, h, w, C) in [-1, 1] -> of B, of the same shape.
        inverse_generator: likewise, from B to A.
        discriminator: a Keras model: images of B -> (batch, ...) logits.
        inverse_discriminator: likewise, of A.
        seed, tricks, **kwargs: as for `GAN`.
        cycle: weight of the cycle loss, 0 or more, default 10.
        identity: weight of the identity loss, relative to `cycle`, 0 or more, default 0.5; 0: none.
        pool: how many outputs of each generator are kept, default 50; 0: none.
        noise: standard deviation of Gaussian noise that is added to outputs, in [-1, 1], before they are
            translated back in training, 0 or more, default 0. It drowns the faint patterns in which
            generators hide sources, so that cycles need what can be seen (Bashkirova et al., 2019,
            https://arxiv.org/abs/1908.01517, section 4.1).
        self_regularization: weight of the mean absolute difference between outputs and their own sources,
            both averaged over blocks of 4x4 pixels, 0 or more, default 0. It keeps what is where, such as
            the strokes of a digit, where cycles would allow another digit instead (SimGAN, Shrivastava et
            al., 2017, https://arxiv.org/abs/1612.07828, equation 4).
        category: weight of the cross-entropy of classes, 0 or more, default 0. Discriminators learn to
            classify the real images of their domains, and generators to make images of the classes of
            their sources (StarGAN, Choi et al., 2018, https://arxiv.org/abs/1711.09020, equations 2 and 3,
            which are of domains). It needs labels of the same classes in both domains, and
            discriminators that classify.
    """

    network_names = ("generator", "inverse_generator", "discriminator", "inverse_discriminator")
    critics = ("discriminator", "inverse_discriminator")
    generators = ("generator", "inverse_generator")
    directions = {"a_to_b": "generator", "b_to_a": "inverse_generator"}
    source = "example"
    pairing = "unpaired"
    modalities = ("image",)
    commands = ("translate", "evaluate", "explore", "export")
    supported = ("penalty", "discriminator_steps", "discriminator")
    unsupported = ("penalty=l2",)
    smallest_batch = 1
    hooks = ("images", "logits", "discriminator_loss", "generator_loss", "penalty")
    logged = (
        *GAN.logged,
        "cycle_loss",
        "identity_loss",
        "self_regularization_loss",
        *_BOTH_WAYS,
        *_OF_CLASSES,
    )
    class_weights = ("category",)
    default_arch = "resnet_translator"
    default_loss = "least_squares"
    default_discriminator = "patchgan"

    def __init__(
        self,
        generator,
        inverse_generator,
        discriminator,
        inverse_discriminator,
        seed=0,
        tricks=(),
        cycle: float = 10.0,
        identity: float = 0.5,
        pool: int = 50,
        noise: float = 0.0,
        self_regularization: float = 0.0,
        category: float = 0.0,
        **kwargs,
    ):
        self.check_options(cycle, identity, pool, noise, self_regularization, category)
        self.cycle, self.identity, self.pool, self.noise = cycle, identity, pool, noise
        self.self_regularization, self.category = self_regularization, category
        given = (generator, inverse_generator, discriminator, inverse_discriminator)
        trained_by = {"generator": list(self.generators), "discriminator": list(self.critics)}
        super().__init__(
            generator,
            discriminator,
            seed,
            tricks,
            own_networks=dict(zip(self.network_names, given)),
            trained_by=trained_by,
            **kwargs,
        )

    def build(self, input_shape):
        """Makes the two games, and the variables of their pools."""
        _check_domains(self.networks)
        self.games = tuple(
            Direction(
                self,
                self.networks[generator],
                self.networks[critic],
                ImagePool(self, f"pool_{name}", self.pool, input_shape[1:]),
            )
            for name, generator, critic in zip(self.directions, self.generators, self.critics)
        )
        for game in self.games:
            self.kept |= game.pool.variables
        super().build(input_shape)

    @classmethod
    def check_options(
        cls, cycle=10.0, identity=0.5, pool=50, noise=0.0, self_regularization=0.0, category=0.0
    ):
        values = cycle, identity, pool, noise, self_regularization, category
        for name, value in zip(_OPTIONS, values):
            if value < 0:
                raise UserError(f"cyclegan({name}={value}): it must be 0 or more.")

    @classmethod
    def build_network(cls, name, spec, category=0.0, **_):
        if name.startswith("inverse"):
            spec = dataclasses.replace(
                spec, sample_shape=spec.source_shape, source_shape=spec.sample_shape
            )
        if name in cls.critics:
            return networks.image_discriminator(spec, classifies=bool(category))
        return networks.translator(spec)

    def get_config(self):
        return super().get_config() | {name: getattr(self, name) for name in _OPTIONS}

    def preview_inputs(self, examples, modality, seed):
        """Returns images of A and of B for a snapshot, and the columns of its sheet."""
        count = min(_PREVIEWED, *map(len, examples.domains))
        parts = examples.sources, examples.samples
        return [modality.to_network(each[:count]) for each in parts], _COLUMNS

    def preview(self, inputs, training=False):
        """Returns a, G(a), F(G(a)), b, F(b), G(F(b)) of each two images, in turns."""
        there, back = (self.samplers[name] for name in self.generators)
        shown = []
        for images, first, second in zip(inputs, (there, back), (back, there)):
            made = first(images, training=training)
            shown += [images, made, second(made, training=training)]
        return tf.reshape(tf.stack(shown, axis=1), (-1, *shown[0].shape[1:]))

    def compile(self, *arguments, **options):
        super().compile(*arguments, **options)
        self._unused_metrics |= set() if self.category else set(_OF_CLASSES)

    def unpack(self, data, multiple):
        """Returns images of B and of A in a batch, as many as have a divisor, and labels it needs."""
        examples, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        if self.category and labels is None:
            raise UserError(
                "CycleGAN(category=...) needs labels: give them beside the images, as a dict of the same "
                "names, or leave it out."
            )
        given = [examples, *([labels] if self.category else [])]
        return tuple(trimmed(each[name], multiple) for each in given for name in (TARGET, SOURCE))

    def split_batch(self, data):
        """[what `unpack` returns]: the part of the batch for each discriminator update."""
        both = self.unpack(data, self.batch_multiple)
        return list(zip(*(tf.split(each, self.discriminator_steps) for each in both)))

    def train_step(self, data):
        """Runs one training step; returns the means of the logged values since the epoch began."""
        *parts, last = self.split_batch(data)
        for part in parts:
            self.update_discriminators(self.translate_both(*part))
        with tf.GradientTape() as tape:
            batches = self.translate_both(*last)
            with tape.stop_recording():
                real_outputs = self.update_discriminators(batches)
            played = zip(self.games, batches, real_outputs)
            adversarial = [game.generator_loss(batch, real) for game, batch, real in played]
            loss = tf.add_n(adversarial)
            others = self.losses_of_cycles(batches)
            loss = tf.add_n([loss, *others.values()])
            scaled = self.scaled_loss("generator", loss)
        norm = self.apply("generator", tape, scaled)
        self.log(generator_loss=loss, generator_gradient_norm=norm, **others)
        self._log_each("generator_loss", adversarial)
        return self.end_step()

    def test_step(self, data):
        """Evaluates a batch; returns the means of the values since the evaluation began.

        The networks are in inference mode; there are no tricks, no penalties and no pools.
        """
        batches = self.translate_both(*self.unpack(data, 1), training=False)
        values = self.losses_of_cycles(batches, training=False)
        total = tf.add_n(list(values.values()))
        for game, batch in zip(self.games, batches):
            outputs = [game.infer_discriminator(each) for each in (batch.real, batch.fake)]
            logits = [each.logits for each in outputs]
            loss = tf.reduce_mean(self.adversarial_loss.discriminator(*logits))
            loss += game.class_loss("real", outputs[0], batch.labels, "category_loss")
            self.log(discriminator_loss=loss, **self.scores(*logits))
            total += tf.add_n([tf.reduce_mean(each) for each in self.inverse_losses(*logits)])
            total += game.class_loss("fake", outputs[1], batch.source_labels)
        self.log(generator_loss=total, **values)
        self.average_logs()
        used = {
            "generator_loss",
            "discriminator_loss",
            *values,
            *self.scores(*logits),
            *_OF_CLASSES,
        }
        return {each.name: each.result() for each in self.metrics if each.name in used}

    def translate_both(self, of_b, of_a, labels_of_b=None, labels_of_a=None, training=True):
        """Returns the `Batch` of each game: b and G(a), a and F(b)."""
        there, back = self.games
        return (
            there.translated(of_b, of_a, labels_of_b, labels_of_a, training),
            back.translated(of_a, of_b, labels_of_a, labels_of_b, training),
        )

    def update_discriminators(self, batches):
        """Updates both discriminators once; returns their outputs on the reals before the update."""
        batches = [
            dataclasses.replace(batch, fake=game.pool(batch.fake, self.random))
            for game, batch in zip(self.games, batches)
        ]
        with tf.GradientTape() as tape:
            outputs = [game.discriminate_batch(batch) for game, batch in zip(self.games, batches)]
            losses = [
                game.discriminator_loss(batch, *output)
                for game, batch, output in zip(self.games, batches, outputs)
            ]
            penalties = [game.penalty(batch) for game, batch in zip(self.games, batches)]
            scaled = self.scaled_loss("discriminator", tf.add_n(losses + penalties))
        norm = self.apply("discriminator", tape, scaled)
        self._log_each("discriminator_loss", losses)
        for loss, penalty, (real, fake) in zip(losses, penalties, outputs):
            self.log_discriminator(loss, penalty, norm, real, fake)
        return [real for real, _ in outputs]

    def losses_of_cycles(self, batches, training=True):
        """Returns the weighted losses of what both generators make of each other's outputs, by name.

        Args:
            batches: the result of `translate_both`.
            training: whether the networks run in training mode.
        """
        losses = dict.fromkeys(("cycle_loss", "identity_loss", "self_regularization_loss"), 0.0)
        cycles = []
        for game, other, batch in zip(self.games, self.games[::-1], batches):
            seen = batch.fake
            if self.noise and training:
                seen += keras.random.normal(tf.shape(seen), stddev=self.noise, seed=self.random)
            restored = other.generator(seen, training=training)
            cycles.append(self.cycle * _distance(restored, batch.sources))
            losses["cycle_loss"] += cycles[-1]
            if self.cycle and self.identity:
                same = game.generator(batch.real, training=training)
                weight = self.cycle * self.identity
                losses["identity_loss"] += weight * _distance(same, batch.real)
            if self.self_regularization:
                compared = _blocks(batch.fake), _blocks(batch.sources)
                losses["self_regularization_loss"] += self.self_regularization * _distance(
                    *compared
                )
        self._log_each("cycle_loss", cycles)
        return losses

    def _log_each(self, name, values):
        """Logs a value of each game."""
        self.log(
            **{f"{name}_{direction}": each for direction, each in zip(self.directions, values)}
        )


def _distance(first, second):
    return tf.reduce_mean(tf.abs(first - second))


def _blocks(images):
    return tf.nn.avg_pool2d(images, _BLOCK, _BLOCK, "SAME")


def _check_domains(given):
    """Raises a `UserError` unless all networks take, and generators make, images of one shape."""
    own = {name: given[name] for name in CycleGAN.network_names}
    shapes = {name: [tuple(each.shape[1:]) for each in own[name].inputs] for name in own}
    made = [[tuple(own[name].outputs[0].shape[1:])] for name in CycleGAN.generators]
    if any(each != made[0] for each in [*made, *shapes.values()]):
        raise UserError(
            f"The networks take images of the shapes {shapes}: the domains of cyclegan have one size and "
            "the same number of channels."
        )
