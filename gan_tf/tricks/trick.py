"""The base of the tricks."""

from gan_tf.registry import Configurable


class Trick(Configurable):
    """Does nothing: a trick overrides the moments at which it acts.

    Attributes:
        modalities: names of the modalities whose samples it understands; (): any.
        sampler: the name, among `gan.networks`, of the generator that samples are drawn from.
        metrics: names of the values that it passes to `gan.log`.
        needs_probabilities: whether it needs a loss whose logits stand for probabilities.
        mixes_batches: whether reals and fakes are to be judged in one batch.
    """

    modalities = ()
    sampler = "generator"
    metrics = ()
    needs_probabilities = False
    mixes_batches = False

    def latents(self, normal, latents):
        """Returns what the generator is made of instead of `latents`.

        Called with Keras tensors while the generator is built, and with `keras.ops` values.

        Args:
            normal: (batch, latent_dim), N(0, I): what the generator is called with.
            latents: (batch, latent_dim): what the prior, and tricks before, made of it.
        """
        del normal
        return latents

    def edit(self, generator):
        """Returns the generator that is trained instead of `generator`, called as it is built."""
        return generator

    def attach(self, gan):
        """Called once, when the GAN is made: may add networks with `gan.add_network`."""

    def prepare(self, gan, examples, modality, seed):
        """Called once, before the first step, with the data, their modality and a seed."""

    def compiled(self, gan):
        """Called when the GAN has been compiled: may change its optimizers."""

    def images(self, gan, images):
        """Returns what the discriminator sees of images (batch, H, W, C) in [-1, 1]."""
        del gan
        return images

    def logits(self, gan, real, fake):
        """Returns the logits of reals and of fakes that the discriminator's loss is made of."""
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

    def after_step(self, gan):
        """Called at the end of each training step, inside the compiled function."""


def needed(name, total_steps):
    """Returns the length of a run that a trick depends on.

    Raises:
        ValueError: when it is not known.
    """
    if not total_steps or total_steps < 1:
        raise ValueError(f"{name} needs total_steps, the training steps of the run, from 1")
    return total_steps
