"""Network interpolation: weights between those of two runs."""

from gan_tf.errors import UserError


def blended(trained, first, blend):
    """Returns the weights of a generator, mixed with those of the run that it started from.

    Between a generator trained on content losses and one trained on against a discriminator, the mix
    trades sharp textures for small errors.

    Source: Wang et al., 2018 (https://arxiv.org/abs/1809.00219), section 3.4.

    Args:
        trained: the `TrainedRun`.
        first: the `TrainedRun` that it started from.
        blend: the share of the weights of `trained`, from 0 to 1.

    Raises:
        UserError: when the generators have other layers.
    """
    weights, others = trained.generator.get_weights(), first.generator.get_weights()
    if [each.shape for each in others] != [each.shape for each in weights]:
        raise UserError(
            f"The generator of '{first.run.path}', which '{trained.run.path}' started from, has other "
            "layers, so they cannot be blended: leave --blend out."
        )
    return [blend * mine + (1 - blend) * its for mine, its in zip(weights, others)]
