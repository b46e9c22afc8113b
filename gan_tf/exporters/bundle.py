"""Exports a generator, checks the file in a separate process, and writes a model card."""

import dataclasses
import os
import pathlib
import shutil
import tempfile

import keras
import numpy as np

from gan_tf.errors import UserError, writing
from gan_tf.exporters import model_card, verification
from gan_tf.exporters.exporter import check_folder, folder_of
from gan_tf.exporters.from_images import FromImages
from gan_tf.exporters.from_latents import FromLatents
from gan_tf.files.atomic_write import write
from gan_tf.networks.layers import own_layers, to_keras_layers
from gan_tf.registry import EXPORTERS
from gan_tf.runs import tracked_run
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.runtime import precision

# By what the generator makes samples from, as kinds of GAN declare it.
_EXPORTED = {"latent": FromLatents, "noise": FromLatents, "example": FromImages}
TOLERANCE = 1 / 255  # the largest allowed difference, relative to the stored range


@dataclasses.dataclass(frozen=True)
class Check:
    """The differences between an exported generator's samples and the run's.

    Attributes:
        count: the number of samples compared.
        what: the plural of the modality: "images".
        stored: the largest difference of stored values.
        span: the range of stored values.
        floats: the largest difference of the generator's float outputs; None if it was exported
            with stored ones.
        package: whether gan_tf could be imported where the file was loaded.
        precision: of the run.
        of_precision: the largest difference of stored values between float32 and that precision.
    """

    count: int
    what: str
    stored: float
    span: float
    floats: float | None
    package: bool
    precision: str
    of_precision: float

    def __str__(self):
        where = "with gan_tf, which it needs" if self.package else "without gan_tf"
        floats = f" ({self.floats:.1e} of the floats)" if self.floats is not None else ""
        text = (
            f"Checked in a new process {where}: the values of {self.count} {self.what} differ from the "
            f"run's, in float32, by at most {self.stored:g} of {self.span:g}{floats}."
        )
        if self.precision != "float32":
            text += (
                f" The run itself uses {self.precision}, whose values differ from these by at "
                f"most {self.of_precision:g}."
            )
        return text


def export(run, options):
    """Exports a run's generator as the options of `gan_tf.export` say.

    Args:
        run: a `RunDir`.
        options: the `Options`.

    Returns:
        Sentences for the user.

    Raises:
        UserError: when the run cannot be used, its samples do not depend on the inputs alone, the
            folder holds other files, or the exported generator's samples differ from the run's, in
            which case the export is removed.
    """
    exporter = EXPORTERS.build(options.format, {"output": run.config().modality().plural})
    out = folder_of(run, options)
    check_folder(out)
    trained = TrainedRun(run, options.checkpoint, options.direction)
    exported = _EXPORTED[trained.kind.cls.source](trained, exporter.any_size)
    stock = to_keras_layers(exported.network, warn=False)
    portable = with_dtype(stock, options.dtype, trained.modality.plain)
    own = own_layers(portable) if exporter.keras_layers_only else []
    usage = exporter.usage(exported.inputs)
    if own:
        modules = sorted({each.__module__ for each in own})
        usage = f"import {', '.join(modules)}  # needed to load the file\n" + usage
    with writing(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".writing-", dir=out.parent) as parent:
            folder = pathlib.Path(parent, out.name)
            folder.mkdir()
            notes = exporter.write(portable, folder / exporter.file, trained.class_frequencies)
            if own:
                names = ", ".join(sorted({each.__name__ for each in own}))
                notes.append(
                    f"The file needs gan_tf to be loaded, because Keras has no layers for {names}. "
                    "--format=saved_model does not need it."
                )
            check = _check(exported, options.dtype, exporter.output, usage, folder, bool(own))
            for name, content in trained.modality.export_files().items():
                write(folder / name, content)
            model_card.write(folder, exported, options, exporter, usage, check, notes)
            if out.exists():
                shutil.rmtree(out)
            os.replace(folder, out)
    tracked = tracked_run.of_trained(run)
    if tracked:
        tracked.add_file(out / model_card.NAME, out.name)
    return "\n".join([*notes, str(check), f"{out / exporter.file}, with {out / model_card.NAME}"])


def with_dtype(generator, dtype, modality):
    """Returns the generator with its float32 outputs, or with stored ones, as `dtype` says."""
    if dtype == "float32":
        return generator
    stored = modality.to_stored_tensor(generator.output)
    return keras.Model(generator.inputs, stored, name=generator.name)


def _check(exported, dtype, output, usage, folder, package):
    """Compares the file's samples, made in separate processes, with the run's."""
    trained, parts = exported.trained, []
    for arrays in exported.cases():
        found = verification.value_of(output, usage, folder, arrays, without_package=not package)
        expected = exported.expected(arrays)
        _compare(found, expected, dtype, trained.modality.plain)
        parts.append((found, expected, arrays))
    modality = trained.modality.plain
    low, high = modality.stored_range
    (of_training, *_) = parts
    return Check(
        sum(len(found) for found, _, _ in parts),
        modality.plural,
        max(_stored_difference(*each[:2], dtype, modality) for each in parts),
        high - low,
        max(_difference(*each[:2]) for each in parts) if dtype == "float32" else None,
        package,
        precision.resolve(trained.config.precision),
        _difference(exported.samples(of_training[2]), modality.to_stored(of_training[1])),
    )


def _compare(found, expected, dtype, modality):
    """Raises a `UserError` if samples of a file differ from those of the run."""
    what = modality.plural
    shape = expected.shape if dtype == "float32" else modality.to_stored(expected).shape
    if found.shape != shape:
        raise UserError(
            f"The exported generator makes {what} of shape {found.shape} instead of {shape}, so the export "
            "was removed."
        )
    if not np.isfinite(found).all():
        raise UserError(
            "The exported generator makes values that are not finite, so the export was removed."
        )
    low, high = modality.stored_range
    difference = _stored_difference(found, expected, dtype, modality)
    if difference > TOLERANCE * (high - low):
        raise UserError(
            f"The exported generator's {what} differ from the run's by up to {difference:g} of "
            f"{high - low:g}, so the export was removed."
        )


def _stored_difference(found, expected, dtype, modality):
    as_stored = modality.to_stored(found) if dtype == "float32" else found
    return _difference(as_stored, modality.to_stored(expected))


def _difference(first, second):
    return float(np.abs(first.astype(np.float64) - second).max())
