"""Trains and scores GANs of sound: `python -m experiments.audio`.

WaveGAN and SpecGAN on synthesized notes and, with --audio_dir, on spoken digits, with and without phase
shuffle, beside held-out clips and beside these on the way through spectrograms and back, which bound what
a SpecGAN can reach. Completed trainings, a line of JSON each, are skipped, and interrupted ones resume.
"""

import dataclasses
import pathlib

from experiments import rows
from experiments.audio import recipes
from gan_tf.errors import UserError
from gan_tf.options import flags
from gan_tf.options.option import check, option

_FILE = pathlib.Path(__file__).parent / "results.jsonl"
_SCORES = {  # key of a row: title
    "fid": "FID",
    "pitch_accuracy": "right pitch",
    "harmonicity": "harmonicity",
    "recognized": "digit recognized",
    "classifier_score": "classifier score",
    "class_kl": "class KL",
    "log_spectral_distance": "log-spectral distance, dB",
}


@dataclasses.dataclass(frozen=True)
class Options:
    """What to run; every field is documented by its own text."""

    only: tuple = option(
        (), "Options", f"which trainings: {', '.join(recipes.RECIPES)}; default: all"
    )
    seeds: int = option(1, "Options", "runs of each", low=1, high=100)
    audio_dir: str | None = option(
        None, "Options", "folder of the Free Spoken Digit Dataset; default: no digits", path=True
    )
    clips: int = option(1000, "Options", "clips that are scored", low=20)
    steps: int | None = option(None, "Options", "of each training; default: the presets'", low=1)
    runs: str = option("runs/audio", "Options", "where the runs are", path=True)
    out: str = option(str(_FILE), "Output", "the file of results, a JSON line each", path=True)
    table: bool = option(False, "Output", "print the table of the results there are, run nothing")
    gallery: str | None = option(
        None,
        "Output",
        "put spectrograms, and WAV files, of a clip of each class into this folder, run nothing",
        path=True,
    )


def main(argv):
    """Runs what is missing and prints the table; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Trains and scores GANs of sound.")
    check(options)
    unknown = set(options.only) - set(recipes.RECIPES)
    if unknown:
        raise UserError(f"--only={min(unknown)}: give one of {', '.join(recipes.RECIPES)}.")
    if options.gallery:
        with flags.quiet_import():
            from experiments.audio import gallery
        for path in gallery.save(options.gallery, options.runs, options.audio_dir):
            print(path)
        return 0
    if not options.table:
        for seed in range(options.seeds):
            for name in options.only or recipes.RECIPES:
                if name.startswith("digits") and not options.audio_dir:
                    print(f"{name} needs --audio_dir and is left out.", flush=True)
                elif _run(options, name, seed):
                    return 1
    print("\n".join(rows.table(rows.read(options.out), _SCORES)))
    return 0


def _run(options, name, seed):
    """Trains and scores what is not yet; returns the exit status."""
    known = rows.read(options.out)
    if any((row["name"], row["seed"]) == (name, seed) for row in known):
        return 0
    changes = [f"--steps={options.steps}"] if options.steps else []
    config = recipes.config_of(name, seed, options.runs, options.audio_dir, changes)
    with flags.quiet_import():
        from experiments.audio.scoring import Scorer
        from gan_tf.training import loop
    status = loop.train(config)
    if status:
        return status
    scorer = Scorer(config, options.clips)
    for what, scores in scorer.references():
        title = f"{config.dataset}, {config.length or 'default'}: {what}"
        if title not in {row["name"] for row in known}:
            rows.append(options.out, {"name": title, "seed": None} | scores)
    row = {"name": name, "seed": seed, "steps": config.steps} | scorer.of_run()
    rows.append(options.out, row)
    print(row, flush=True)
    return 0


if __name__ == "__main__":
    flags.run(main)
