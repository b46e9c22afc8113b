"""Which networks are trained."""

import dataclasses

from gan_tf.options.option import option
from gan_tf.registry import (
    ARCHITECTURES,
    CONDITIONINGS,
    DISCRIMINATORS,
    GANS,
    PRIORS,
    REPRESENTATIONS,
)

_NORMS = ("batch", "instance", "layer", "virtual_batch", "none")
_ACTIVATIONS = (
    "relu",
    "leaky_relu",
    "prelu",
    "elu",
    "selu",
    "silu",
    "gelu",
    "mish",
    "softplus",
    "tanh",
)


def _of_architectures(name, text, **checks):
    """An option of the architectures and discriminators that have an argument of this name."""
    entries = *ARCHITECTURES.own_entries.values(), *DISCRIMINATORS.own_entries.values()
    users = {each.name for each in entries if name in {arg.name for arg in each.arguments}}
    others = {each.name for each in entries} - users
    word, names = ("for", users) if len(users) <= len(others) else ("not for", others)
    whose = f"; {word} {', '.join(sorted(names))}" if others else ""
    return option(None, "Networks", f"{text}; default: by --arch{whose}", **checks)


@dataclasses.dataclass(frozen=True)
class NetworkOptions:
    """The kind of GAN, its networks, and what their inputs are."""

    gan: str = option("standard", "Networks", "the kind of GAN", registry=GANS)
    arch: str | None = option(
        None,
        "Networks",
        "generator and discriminator; default: by --gan and the data, dcgan for images",
        registry=ARCHITECTURES,
    )
    discriminator: str | None = option(
        None,
        "Networks",
        "the discriminator of a translation; default: by --gan",
        registry=DISCRIMINATORS,
    )
    representation: str | None = option(
        None,
        "Networks",
        "what the networks see of the samples; default: the samples",
        registry=REPRESENTATIONS,
    )
    latent_dim: int = option(100, "Networks", "length of the latent vector", low=1, high=4096)
    prior: str = option("normal", "Networks", "the distribution of the latents", registry=PRIORS)
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
        "which networks use spectral normalization",
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
    relaxation: str | None = _of_architectures(
        "relaxation",
        "what a generator of tokens makes of its logits",
        choices=("softmax", "gumbel", "straight_through"),
    )
    gumbel_temperature: float | None = _of_architectures(
        "gumbel_temperature", "temperature of Gumbel-softmax samples", low=0.001, high=100
    )
    phase_shuffle: int | None = _of_architectures(
        "phase_shuffle",
        "largest random shift of the discriminator's maps of sound, in positions; 0: none",
        low=0,
        high=64,
    )
    post_filter: int | None = _of_architectures(
        "post_filter",
        "length of a filter on the sound that a generator makes; 0: none",
        low=0,
        high=4096,
    )
    minibatch_stddev: int | None = _of_architectures(
        "minibatch_stddev",
        "group size for minibatch standard deviation; 0: none",
        low=0,
        high=65536,
    )
    conditional: str | None = option(
        None,
        "Networks",
        "how the networks use the labels; default: not at all",
        registry=CONDITIONINGS,
    )
    sync_batch_norm: bool = option(
        False,
        "Networks",
        "use the whole batch's statistics in batch normalization when --strategy divides the batch",
    )
    packing: int = option(
        1,
        "Networks",
        "images that the discriminator sees as one sample (PacGAN); not with --conditional",
        low=1,
        high=16,
    )
