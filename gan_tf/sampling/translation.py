"""Implementation of `gan_tf.translate`: translates images and compares outputs with targets."""

import csv
import dataclasses
import html
import io
import itertools
import os
import pathlib
import urllib.parse

import numpy as np

from gan_tf.data import given_images, left_out
from gan_tf.data.derived_pairs import degraded
from gan_tf.data.examples import LABEL, SOURCE, TARGET
from gan_tf.data.file_images import reason_of
from gan_tf.data.image_file import reason_of_file
from gan_tf.errors import UserError
from gan_tf.files.atomic_write import write
from gan_tf.messages import progress_bar, show
from gan_tf.metrics.image_similarity import psnr, ssim
from gan_tf.modalities import image as images
from gan_tf.options.translation_output import PARTS, part_path
from gan_tf.registry import DEGRADATIONS
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.sampling.formats.format import facts_of, note
from gan_tf.sampling.image_translator import ImageTranslator, mixture_of

_OF_DATASET = 100  # pairs, unless --num_images says otherwise
_SCORES = {"psnr": psnr, "ssim": ssim}
_PAGE = """<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 16px/1.4 system-ui, sans-serif; margin: 1rem; background: #fff; color: #222 }}
section {{ display: flex; flex-wrap: wrap; gap: .5rem; margin: 0 0 1.5rem }}
figure {{ margin: 0; max-width: 32% }}
img {{ max-width: 100%; min-width: 96px; image-rendering: pixelated }}
figcaption {{ color: #555 }}
</style>
<h1>{title}</h1>
{sections}
</html>
"""


@dataclasses.dataclass(frozen=True)
class Given:
    """An image to translate.

    Attributes:
        name: of its output: a path below the folder of outputs.
        source: uint8 (h, w, C).
        alpha: its opacity, uint8 (h, w); None: opaque.
        target: uint8 (H, W, D), what the output should be; None: unknown.
        mixture: of classes, of a conditional run.
        origin: what the note in the output says that it was made of.
        exif: of the image, see `gan_tf.data.exif.of_origin`.
    """

    name: str
    source: np.ndarray
    alpha: np.ndarray | None = None
    target: np.ndarray | None = None
    mixture: np.ndarray | None = None
    origin: str | None = None
    exif: bytes = b""


def translate(run, options):
    """Translates the images that the options of `gan_tf.translate` name; writes and prints results.

    An output has the name of its image, with the suffix .png, its size times the run's scale, its
    transparency and its EXIF, and a note that it is generated.

    Raises:
        UserError: when run or images cannot be used, or the results cannot be written.
    """
    trained = TrainedRun(run, options.checkpoint, options.direction)
    network, multiple, scale = trained.translator(options.blend)
    translator = ImageTranslator(
        network, trained.modality, multiple, scale, options.tile, options.stochastic
    )
    out, skipped, remarks = options.folder(run), [], []
    given, total = (
        _of_data(trained, options)
        if options.dataset
        else _of_files(trained, options, out, skipped, remarks)
    )
    sections, scores = [], []
    for each in progress_bar(given, "translating", total, unit=" images"):
        made = translator(each.source, each.mixture)
        facts = note_of(trained, options, image=each.origin)
        exif = b"" if options.no_metadata else each.exif
        output = images.png(_with_alpha(made, each.alpha), facts, exif)
        write(out / each.name, output)
        parts = {"output": made}
        if options.format == "html":
            parts = {"source": each.source, **parts, "target": each.target}
        for part in ("source", "target"):
            if parts.get(part) is not None:
                write(part_path(out, part, each.name), images.png(parts[part]))
        row = {"file": each.name}
        if each.target is not None:
            row |= {
                key: float(score(each.target[None], made[None])[0])
                for key, score in _SCORES.items()
            }
        scores.append(row)
        sections.append(_section(parts, row))
    for sentence in [*left_out.remarks(remarks), *left_out.sentences(skipped)]:
        show(sentence)
    if not scores:
        raise UserError(f"'{options.images}' has no image that can be read: correct --images.")
    if options.format == "html":
        page = _PAGE.format(title=html.escape(run.path.name), sections="\n".join(sections))
        write(out / "index.html", page.encode())
        show(f"Page:         {out / 'index.html'}")
    _report(scores, out)


def _of_data(trained, options):
    """Images of the run's data set, with their targets in pairs, and how many there are at most."""
    _, source = trained.source(**options.location())
    source = source.source_domain if source.pairing == "unpaired" else source
    count = options.num_images or _OF_DATASET
    batches = source.held_out()
    first = next(batches, None)
    if first is None:
        show(f"{source.name} has nothing held out: the run was trained on these images.")
        batches = source.batches()
    batches = batches if first is None else itertools.chain([first], batches)
    given = (one for each in batches for one in _given(trained, each))
    named = (
        Given(f"{source.name}-{index:06d}.png", each, None, target, mixture)
        for index, (each, target, mixture) in enumerate(itertools.islice(given, count))
    )
    return named, count


def _given(trained, batch):
    """[(source, target or None, mixture or None)] of a batch of a data set; see `Given`."""
    sources = batch[SOURCE]
    nothing = [None] * len(sources)
    mixtures = nothing
    if trained.conditional:
        mixtures = [mixture_of(trained, (str(label), 1)) for label in batch[LABEL]]
    return zip(sources, batch.get(TARGET, nothing), mixtures)


def _of_files(trained, options, out, skipped, remarks):
    """The images of files, and how many files there are.

    Fills `skipped` with (file, reason), and `remarks` with (file, what of it is not used).
    """
    tree = given_images.tree(options.images, trained.config.archive_mb << 20)
    files = tree.files()
    skipped += tree.left_out
    if os.path.isdir(options.images):
        made = os.path.relpath(out.resolve(), os.path.realpath(options.images)) + os.sep
        skipped += [(each, "in the folder of outputs") for each in files if each.startswith(made)]
        files = [each for each in files if not each.startswith(made)]
    names = output_names(files)
    config, degrade = trained.config, None
    shape = trained.sample_shape if options.degrade else trained.source_shape
    mixture = mixture_of(trained, (options.label, 1)) if trained.conditional else None
    if options.degrade:
        degrade = DEGRADATIONS.build(config.pair_by)

    def read():
        for index, file in enumerate(files):
            try:
                with tree.open(file) as content:
                    source, alpha, exif, said = given_images.whole(content, shape[-1])
                target = None
                if degrade:
                    source, target = degraded(source, degrade, trained.modality, index)
                    alpha = None
            except (ValueError, OSError) as error:
                skipped.append((file, reason_of_file(file, reason_of(error))))
                continue
            remarks.extend((file, each) for each in said)
            yield Given(names[file], source, alpha, target, mixture, file, exif)

    return itertools.islice(read(), options.num_images), min(
        len(files), options.num_images or len(files)
    )


def output_names(files):
    """Returns {file: the name of its output}: its own with the suffix .png, and different from all others.

    Where several would have one name, such as those of `a.png` and `a.jpg`, the suffix of all but the
    PNG file is kept: `a.png` and `a.jpg.png`. So do outputs that would be in the way of a source or a
    target of the page.

    Args:
        files: paths below one folder.
    """
    names, taken = {}, set()
    for file in sorted(files, key=lambda file: (not file.lower().endswith(".png"), file)):
        path = pathlib.PurePath(file)
        numbered = (f"{path}-{number}.png" for number in itertools.count(2))
        for name in itertools.chain([f"{path.with_suffix('')}.png", f"{path}.png"], numbered):
            paths = {str(part_path(pathlib.PurePath(), each, name)).lower() for each in PARTS}
            if not paths & taken:
                break
        names[file] = name
        taken |= paths
    return names


def note_of(trained, options, **facts):
    """Returns the note in an output of `gan_tf.translate`; None if the options leave it out.

    Args:
        trained: the `TrainedRun`.
        options: of `gan_tf.translate`.
        **facts: further ones; None: unknown.
    """
    if options.no_metadata:
        return None
    run = facts_of(trained)
    known = {name: each for name, each in facts.items() if each is not None}
    return note(trained.modality, run["run"], run | known)


def _with_alpha(pixels, alpha):
    """An output with the opacity of its source, in the output's size."""
    if alpha is None:
        return pixels
    scale = pixels.shape[0] // alpha.shape[0]
    alpha = np.kron(alpha, np.ones((scale, scale), np.uint8))[..., None]
    return np.concatenate([np.repeat(pixels, 4 - pixels.shape[-1], -1)[..., :3], alpha], axis=-1)


def _section(parts, row):
    """The part of the page about one image."""
    figures = []
    for part, pixels in parts.items():
        if pixels is not None:
            path = part_path(
                pathlib.PurePosixPath(), part, pathlib.PurePath(row["file"]).as_posix()
            )
            address = urllib.parse.quote(str(path))
            figures.append(
                f'<figure><img src="{address}" alt="{part}"><figcaption>{part}</figcaption></figure>'
            )
    values = "".join(f", {key} {value:.4g}" for key, value in row.items() if key != "file")
    title = html.escape(row["file"] + values)
    return f"<h2>{title}</h2>\n<section>{''.join(figures)}</section>"


def _report(scores, out):
    """Writes the scores where there are targets; prints what was made."""
    if len(scores[0]) > 1:
        content = io.StringIO()
        table = csv.DictWriter(content, list(scores[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(scores)
        write(out / "scores.csv", content.getvalue().encode())
        means = {key: np.mean([row[key] for row in scores]) for key in _SCORES}
        show(
            "  ".join(f"{key} {value:.4g}" for key, value in means.items())
            + f": {out / 'scores.csv'}"
        )
    show(f"{len(scores):,} images: {out}")
