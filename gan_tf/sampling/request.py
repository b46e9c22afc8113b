"""The request to `gan_tf.generate`, checked before TensorFlow is imported."""

import dataclasses
import math
import os
import pathlib
import re

from gan_tf.errors import UserError
from gan_tf.options.compatibility import check_command
from gan_tf.options.modality import check_modality
from gan_tf.options.option import check, check_paths, check_writable
from gan_tf.options.run_choice import no_run
from gan_tf.registry import FORMATS
from gan_tf.runs import choices, longer_videos, steering, truncation
from gan_tf.runs.run_dir import RunDir
from gan_tf.sampling import acceptance, amount, traversals
from gan_tf.sampling.formats.format import Job


@dataclasses.dataclass(frozen=True)
class Request:
    """What to generate.

    Attributes:
        runs: `RunDir`s.
        weights: how often each is used; None: equally often.
        plan: which samples to make, see `gan_tf.sampling.traversals`.
        form: an entry of `FORMATS`.
        steering: a `Steering` of all samples, or None.
        frames: of videos; None: as many as in training.
        job: the `Job`, without the facts that are known only once the runs are loaded.
        out: the path to write to.
    """

    runs: list
    weights: list | None
    plan: object
    form: object
    steering: object
    frames: int | None
    job: Job
    out: pathlib.Path


def read_request(options):
    """Returns the `Request` that the options of `gan_tf.generate` describe.

    Raises:
        UserError: for the first invalid option.
    """
    check(options)
    check_paths(options)
    runs = _runs(options)
    weights = _weights(options.weights, runs)
    plan = traversals.choose(options, runs)
    config = runs[0].config()
    modality = runs[0].modality()
    default = getattr(modality, plan.format) or modality.default_format
    spec = options.format or _of_suffix(options.out, default, config.modality_name)
    check_modality(FORMATS, spec, config.modality_name)
    form = FORMATS.build(spec)
    name = _name(options, plan, runs)
    suffix = "" if form.folder else form.suffix
    out = pathlib.Path(options.out or runs[0].generated / (name + suffix))
    _check_out(out, spec, form)
    frames = None if options.interpolate or options.walk else options.frames
    shape, *_ = (longer_videos.check(run, frames) for run in runs)
    if options.reject and shape != tuple(runs[0].read_data()["sample_shape"]):
        raise UserError(
            f"--reject={options.reject}: discriminators see as many frames as in training: leave --frames "
            "out."
        )
    bytes_each = modality.num_bytes(shape)
    amount.check(plan.count, bytes_each, modality.plural, out.parent, options.large)
    facts = None if options.no_metadata else plan.facts
    job = Job(plan.count, modality, shape, name, plan.columns, facts)
    form.check(job)
    steered = steering.read(runs[0], options.temperature, options.prompt)
    return Request(runs, weights, plan, form, steered, frames, job, out)


def _runs(options):
    """The runs, checked."""
    given = options.run_dir if isinstance(options.run_dir, tuple) else (options.run_dir,)
    runs = [RunDir(path) for each in given for path in _listed(each)]
    if not runs:
        raise no_run()
    configs = [run.config() for run in runs]
    if len({each.modality_name for each in configs}) > 1:
        raise UserError(
            "These runs make samples of different modalities: give runs of one modality."
        )
    for run, each in zip(runs, configs):
        check_command(each, "generate")
        steering.check_path(each, options)
        steering.read(run, options.temperature, options.prompt)
        truncation.check(run, options.psi)
        if options.reject:
            acceptance.check(run, options.reject, options.location())
        choices.check(run, options.checkpoint, options.label)
    choices.check_together(runs)
    return runs


def _of_suffix(out, default, modality):
    """The format that the ending of --out names, or else the default."""
    suffix = pathlib.Path(out or "").suffix.lower()
    if suffix in ("", FORMATS.entry(default).attributes["suffix"]):
        return default
    for name, entry in FORMATS.entries.items():
        facts = entry.attributes
        suits = modality in (facts["modalities"] or (modality,))
        if facts["suffix"] == suffix and suits and not facts["folder"]:
            return name
    return default


def _check_out(out, spec, form):
    """Raises a `UserError` for a path whose ending or kind is not that of the format."""
    suffix = out.suffix.lower()
    if out.is_dir() and not form.folder:
        raise UserError(f"'{out}' is a folder: --out takes a file for --format={spec}.")
    formats = {name: entry.attributes for name, entry in FORMATS.entries.items()}
    if form.folder and not out.is_dir() and suffix in {each["suffix"] for each in formats.values()}:
        raise UserError(
            f"--out={out}: --format={spec} writes a folder of {form.suffix} files: give the name of one."
        )
    if not form.folder and suffix not in ("", form.suffix):
        folders = [n for n, each in formats.items() if each["folder"] and each["suffix"] == suffix]
        other = f", or --format={folders[0]} for a folder of {suffix} files" if folders else ""
        raise UserError(
            f"--out={out}: --format={spec} writes a {form.suffix} file: give it that ending{other}."
        )
    check_writable("out", out, "directory" if form.folder else "")


def _listed(path):
    """The folders of one --run_dir: one, or several separated by commas."""
    if not path or os.path.exists(path):
        return [path] if path else []
    return [each.strip() for each in path.split(",") if each.strip()]


def _weights(text, runs):
    """Reads "0.7,0.3", one number per run; None if not given."""
    if text is None:
        return None
    try:
        weights = [float(each) for each in text.split(",")]
    except ValueError:
        weights = []
    positive = all(0 <= each < math.inf for each in weights) and sum(weights) > 0
    if len(weights) != len(runs) or not positive:
        raise UserError(
            f"--weights={text}: give one number of 0 or more for each of the {len(runs)} runs, "
            "separated by commas."
        )
    return weights


def _name(options, plan, runs):
    """The base name of the files, made of the options that select the samples."""
    parts = [
        plan.name,
        len(runs) > 1 and f"of{len(runs)}",
        options.label is not None and f"label{options.label}",
        options.temperature is not None and f"temperature{options.temperature:g}",
        options.prompt and f"prompt_{options.prompt}"[:40],
        not (options.interpolate or options.walk) and options.frames and f"frames{options.frames}",
        options.psi is not None and f"psi{options.psi:g}",
        options.truncation is not None and f"truncation{options.truncation:g}",
        options.reject and f"reject-{options.reject}",
    ]
    return re.sub(r"[^\w.,-]+", "_", "-".join(each for each in parts if each)).strip("_")
