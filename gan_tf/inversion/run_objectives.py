"""Objectives with the generator and discriminator of a run."""

from gan_tf.inversion.critic import Critic
from gan_tf.inversion.objectives import Total


def run_objective(trained, objectives, look=None, encode=None):
    """Returns the `Total` of objectives (specs or objects) for a `TrainedRun`.

    Args:
        trained: the `TrainedRun`.
        objectives, look, encode: as for `Total`.

    Raises:
        UserError: when the discriminator has no features and an objective needs them.
    """

    def generate(latents, labels):
        return trained.generator(
            [latents, labels] if trained.conditional else latents, training=False
        )

    total = Total(objectives, generate, look=look, encode=encode)
    if total.needs - {"codes"}:
        total.critic = Critic(trained)
    return total
