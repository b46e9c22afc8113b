"""Objectives of a run: its generator and its discriminator."""

from gan_tf.inversion.critic import Critic
from gan_tf.inversion.objectives import Total


def of_run(trained, objectives, look=None):
    """Returns the `Total` of objectives, specs or objects, of a `TrainedRun`.

    Args:
        trained: the `TrainedRun`.
        objectives: as for `Total`.
        look: as for `Total`.

    Raises:
        UserError: when the discriminator has no features and an objective needs them.
    """

    def generate(latents, labels):
        return trained.generator(
            [latents, labels] if trained.conditional else latents, training=False
        )

    total = Total(objectives, generate, look=look)
    if total.needs:
        total.critic = Critic(trained)
    return total
