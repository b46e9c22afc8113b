"""The base class of the tricks."""

from gan_tf.registry import Configurable


class Trick(Configurable):
    """The base class: every method does nothing; a trick overrides those it needs.

    Attributes:
        modalities: names of the modalities it supports; (): any.
        hooks: the methods and outputs that a kind of GAN must have for it: "edit", "latents",
            "images", "reals", "logits", "discriminator_loss", "generator_loss", "penalty",
            "mixed_batches", "labels", "features" (of the discriminator); (): it works with any kind.
        sampler: what precedes a generator's name in that of the network of `gan.networks` that is
            used for sampling instead; "": the generator itself.
        metrics: names of the values that it passes to `gan.log`.
        needs_probabilities: whether it needs a loss with `probabilistic` logits.
        needs_signs: whether it needs a loss with `probabilistic` or `signed` logits.
        needs_styles: whether it needs a generator with a space of styles (`Architecture.styles`).
        needs_maps: whether it needs a discriminator whose maps can be decoded (`Architecture.maps`).
        needs_penalty: whether it needs a penalty.
        needs_optimizer: the name of the optimizer that all networks must have; "": any.
        raises: the argument of all optimizers that it raises to its own argument `final`; "": none.
        mixes_batches: whether the discriminator is given reals and fakes in one batch.
        rounds: steps between two calls of `round`; None: it is never called.
        sets_learning_rates: whether it sets the learning rates after each step.
    """

    modalities = ()
    hooks = ()
    sampler = ""
    metrics = ()
    needs_probabilities = False
    needs_signs = False
    needs_styles = False
    needs_maps = False
    needs_penalty = False
    needs_optimizer = ""
    raises = ""
    mixes_batches = False
    rounds = None
    sets_learning_rates = False

    def latents(self, normal, latents):
        """Returns the latents that replace `latents` as the generator's input.

        Called with Keras tensors while the generator is built, and with `keras.ops` values.

        Args:
            normal: (batch, latent_dim), N(0, I): the original latents.
            latents: (batch, latent_dim): the result of the prior and preceding tricks.
        """
        del normal
        return latents

    def schedule(self, total_steps, batch_size):
        """Called before the networks are built.

        Args:
            total_steps: the training steps of the complete run.
            batch_size: samples in a step, of all replicas together.
        """

    def edit(self, generator):
        """Returns the generator to train instead of `generator`; called when it is built."""
        return generator

    def attach(self, gan):
        """Called once, when the GAN is created; can add networks with `gan.add_network`."""

    def prepare(self, gan, examples, modality, seed):
        """Called once, before the first step, with the data, their modality and a seed."""

    def compiled(self, gan):
        """Called after the GAN is compiled; can change its optimizers."""

    def images(self, gan, images):
        """Returns the discriminator's input for images (batch, H, W, C) in [-1, 1]."""
        del gan
        return images

    def reals(self, gan, samples):
        """Returns the real samples of a batch (batch, ...), as the kind of GAN takes them."""
        del gan
        return samples

    def logits(self, gan, real, fake):
        """Returns the logits of reals and of fakes used in the discriminator's loss."""
        del gan
        return real, fake

    def discriminator_loss(self, gan, loss, batch):
        """Returns the discriminator's scalar loss, given the one so far and the `Batch`."""
        del gan, batch
        return loss

    def generator_loss(self, gan, loss, batch):
        """Returns the generator's scalar loss, given the one so far and the `Batch`."""
        del gan, batch
        return loss

    def penalty(self, gan, penalty):
        """Returns the scalar to add to the discriminator's loss, given the sum of the penalties."""
        del gan
        return penalty

    def after_step(self, gan):
        """Called at the end of each training step, inside the compiled function."""

    def round(self, gan, step, modality):
        """Called every `rounds` steps, outside the compiled function; returns values to log, {name: float}.

        Whatever it changes must be in `gan.kept` or in networks, which checkpoints have.

        Args:
            gan: the GAN.
            step: the number of completed steps.
            modality: of its samples.
        """
        del gan, step, modality
        return {}


class ScheduledTrick(Trick):
    """The base class of tricks that depend on the length of the run.

    Attributes:
        total_steps: training steps of the run; set by `schedule` if the constructor was given None.
    """

    def __init__(self, total_steps=None):
        self.total_steps = total_steps

    def schedule(self, total_steps, batch_size):
        del batch_size
        self.total_steps = self.total_steps or total_steps

    def attach(self, gan):
        """Raises a `ValueError` when the length is unknown."""
        if not self.total_steps or self.total_steps < 1:
            raise ValueError(
                f"{type(self).__name__} needs total_steps, the training steps of the run, from 1"
            )
