"""The trainings of the experiment with sound: the presets, and what is changed in them."""

import pathlib

from experiments.configs import config_of as resolved

_WAVEGAN_DIGITS = ("wavegan-tones", "--dataset=spoken_digits", "--steps=6000")
RECIPES = {  # name: (preset, further flags)
    "tones-wavegan": ("wavegan-tones",),
    "tones-wavegan-no_shuffle": ("wavegan-tones", "--phase_shuffle=0"),
    "tones-specgan": ("specgan-tones",),
    "digits-specgan": ("specgan-spoken_digits",),
    "digits-wavegan": _WAVEGAN_DIGITS,
    "digits-wavegan-no_shuffle": (*_WAVEGAN_DIGITS, "--phase_shuffle=0"),
}


def config_of(name, seed, runs, audio_dir=None, changes=()):
    """Returns the resolved `Config` of a training.

    Args:
        name: one of `RECIPES`.
        seed: of everything random.
        runs: the folder of all runs.
        audio_dir: the folder of spoken digits, for recipes that need it.
        changes: further flags, such as "--steps=10".

    Raises:
        UserError: when a folder is needed and not given.
    """
    base, *words = RECIPES[name]
    words = [f"--preset={base}", *words, *changes]
    words += [f"--seed={seed}", f"--run_dir={pathlib.Path(runs) / f'{name}-{seed}'}"]
    if name.startswith("digits") and audio_dir:
        words.append(f"--audio_dir={audio_dir}")
    return resolved(words)
