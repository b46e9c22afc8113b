"""How samples of a trained run are drawn."""

import dataclasses

from gan_tf.options.option import option
from gan_tf.registry import REJECTIONS


@dataclasses.dataclass(frozen=True)
class SamplingOptions:
    """The seed of samples, truncation of latents and of styles, temperature and rejection."""

    seed: int = option(
        0, "Images", "image k depends on the seed and k alone", low=0, high=2**31 - 1
    )
    truncation: float | None = option(
        None,
        "Images",
        "redraw latents beyond this threshold: better images, less variety; usually 0.5 to 2",
        low=0.01,
        high=10.0,
    )
    psi: float | None = option(
        None,
        "Images",
        "move styles towards their mean, for style-based generators: better images, less variety; 1: "
        "as trained, usually 0.5 to 0.8",
        low=0.0,
        high=2.0,
    )
    temperature: float | None = option(
        None,
        "Images",
        "divide logits by this, for sequences that are drawn token by token: below 1 less variety",
        low=0.01,
        high=100.0,
    )
    reject: str | None = option(
        None,
        "Images",
        "redraw until the discriminator accepts",
        registry=REJECTIONS,
    )
