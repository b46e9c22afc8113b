"""Options of paths through latent space."""

import dataclasses

from gan_tf.options.option import option


@dataclasses.dataclass(frozen=True)
class TraversalOptions:
    """Which path samples follow; the help text of each field documents it."""

    interpolate: str | None = option(
        None,
        "Paths through the latents",
        "go from the first image of each of --seeds to that of the next; slerp: along a great circle of "
        "latents, right for every prior; lerp: straight",
        choices=("slerp", "lerp"),
    )
    walk: int | None = option(
        None,
        "Paths through the latents",
        "follow a smooth closed path through this many latents of the seed",
        low=2,
        high=1000,
    )
    space: str | None = option(
        None,
        "Paths through the latents",
        "interpolate with lerp, and walk, through styles (w) or latents (z); default: w where there are "
        "styles",
        choices=("w", "z"),
    )
    frames: int | None = option(
        None,
        "Paths through the latents",
        "images from one latent to the next, default: 16; without a path, of videos: how many frames to "
        "make, default: as many as in training",
        low=1,
        high=10_000,
    )
    sweep: int | None = option(
        None,
        "Paths through the latents",
        "show this many latents, one per row, with every class (or code of infogan), one per column",
        low=1,
        high=1000,
    )
    arithmetic: str | None = option(
        None,
        "Paths through the latents",
        "move images, one per row, along a sum of the mean latents of labels, such as "
        '"Smiling - Male", by 0, 0.25, 0.5 and 1 times the length of a latent; for digits and faces',
    )
    motions: int | None = option(
        None,
        "Paths through the latents",
        "show videos with the same content in each row, and the same motion, one of this many, in each "
        "column",
        low=1,
        high=1000,
    )
    mix: str | None = option(
        None,
        "Paths through the latents",
        "mix styles, for style-based generators: images, one per row, with the coarse, middle or fine "
        "styles of others, one per column; the first row and column show the sources",
        choices=("coarse", "middle", "fine"),
    )
    mix_seeds: str | None = option(
        None,
        "Paths through the latents",
        "the columns of --mix: the first image of each seed; default: as many as rows, of --seed",
    )
