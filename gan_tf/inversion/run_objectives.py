"""Objectives with the generator and discriminator of a run."""

from gan_tf.inversion.critic import Critic
from gan_tf.inversion.objectives import Total
from gan_tf.inversion.spaces import Latents


def run_objective(trained, objectives, look=None, encode=None, space=None):
    """Returns the `Total` of objectives (specs or objects) for a `TrainedRun`.

    Args:
        trained: the `TrainedRun`.
        objectives, look, encode: as for `Total`.
        space: whose points are searched, see `gan_tf.inversion.spaces`; None: latents.

    Raises:
        UserError: when the discriminator has no features and an objective needs them.
    """
    generate = (space or Latents(trained)).generate
    total = Total(objectives, generate, look=look, encode=encode)
    if total.needs - {"codes"}:
        total.critic = Critic(trained)
    return total
