"""Which networks are trained."""

import dataclasses

from gan_tf.options.option import option
from gan_tf.registry import ARCHITECTURES, CONDITIONINGS, GANS, PRIORS

_NORMS = ("batch", "instance", "layer", "virtual_batch", "none")
_ACTIVATIONS = ("relu", "leaky_relu", "elu", "selu", "silu", "gelu", "mish", "softplus", "tanh")


def _of_architectures(name, text, **checks):
    """An option that those architectures take which have an argument of its name."""
    entries = ARCHITECTURES.own_entries.values()
    users = {each.name for each in entries if name in {arg.name for arg in each.arguments}}
    whose = f"; for {', '.join(sorted(users))}" if len(users) < len(entries) else ""
    return option(None, "Networks", f"{text}; default: by --arch{whose}", **checks)


@dataclasses.dataclass(frozen=True)
class NetworkOptions:
    """The kind of GAN, its networks, and what their inputs are."""

    gan: str = option("standard", "Networks", "kind of GAN", registry=GANS)
    arch: str | None = option(
        None,
        "Networks",
        "generator and discriminator; default: by --gan, dcgan for standard",
        registry=ARCHITECTURES,
    )
    latent_dim: int = option(100, "Networks", "length of the latent vector", low=1, high=4096)
    prior: str = option("normal", "Networks", "where latents come from", registry=PRIORS)
    width: int | None = _of_architectures(
        "width", "units of the narrowest hidden layer", low=1, high=4096
    )
    generator_norm: str | None = _of_architectures(
        "generator_norm", "normalization in the generator", choices=_NORMS
    )
    discriminator_norm: str | None = _of_architectures(
        "discriminator_norm", "normalization in the discriminator", choices=_NORMS
    )
    spectral_norm: str | None = _of_architectures(
        "spectral_norm",
        "whose layers are divided by their spectral norms",
        choices=("none", "discriminator", "generator", "both"),
    )
    upsampling: str | None = _of_architectures(
        "upsampling",
        "how the generator doubles feature maps",
        choices=("transposed", "pixel_shuffle", "nearest", "bilinear"),
    )
    downsampling: str | None = _of_architectures(
        "downsampling",
        "how the discriminator halves feature maps",
        choices=("strided", "average_pool", "max_pool"),
    )
    generator_activation: str | None = _of_architectures(
        "generator_activation", "between the generator's layers", choices=_ACTIVATIONS
    )
    discriminator_activation: str | None = _of_architectures(
        "discriminator_activation", "between the discriminator's layers", choices=_ACTIVATIONS
    )
    minibatch_stddev: int | None = _of_architectures(
        "minibatch_stddev",
        "images in the groups whose variation the discriminator is told; 0: it is not",
        low=0,
        high=65536,
    )
    conditional: str | None = option(
        None,
        "Networks",
        "how the networks are told the labels; default: not at all",
        registry=CONDITIONINGS,
    )
    sync_batch_norm: bool = option(
        False,
        "Networks",
        "batch normalization by the statistics of the whole batch where --strategy divides it",
    )
    packing: int = option(
        1,
        "Networks",
        "how many images the discriminator judges at once; without --conditional only",
        low=1,
        high=16,
    )
