"""Exports a generator, checks the file in a separate process, and writes a model card."""

import dataclasses
import os
import pathlib
import shutil
import tempfile

import keras
import numpy as np

from gan_tf import latents
from gan_tf.errors import UserError, writing
from gan_tf.exporters import model_card, verification
from gan_tf.exporters.exporter import check_folder, folder_of
from gan_tf.modalities.image import png
from gan_tf.networks.layers import own_layers, to_keras_layers
from gan_tf.registry import EXPORTERS
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.runtime import precision

CHECKED = 8  # samples compared
SAMPLES = 64  # on the card
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
        floats = f" ({self.floats:.1e} in [-1, 1])" if self.floats is not None else ""
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
        UserError: when the run cannot be used, its samples do not depend on latents and labels
            alone, the folder holds other files, or the exported generator's samples differ from
            the run's, in which case the export is removed.
    """
    exporter = EXPORTERS.build(options.format, {"output": run.config().modality().plural})
    out = folder_of(run, options)
    check_folder(out)
    trained = TrainedRun(run, options.checkpoint)
    generator = in_float32(trained)
    portable = with_dtype(to_keras_layers(generator, warn=False), options.dtype, trained.modality)
    own = own_layers(portable) if exporter.keras_layers_only else []
    usage = exporter.usage(trained.conditional)
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
            check = _check(
                trained, generator, options.dtype, exporter.output, usage, folder, bool(own)
            )
            model_card.write(folder, trained, options, exporter, usage, check, notes, _samples)
            if out.exists():
                shutil.rmtree(out)
            os.replace(folder, out)
    return "\n".join([*notes, str(check), f"{out / exporter.file}, with {out / model_card.NAME}"])


def in_float32(trained):
    """Returns the generator of a `TrainedRun` with float32 layers of the same weights.

    Raises:
        UserError: when its outputs are random even for given inputs.
    """
    network = trained.build_network("generator", "float32")
    network.set_weights(trained.generator.get_weights())
    inputs = trained.inputs(latents.draw(0, range(2), trained.latent_dim))
    outputs = [np.asarray(network(inputs, training=False)) for _ in range(2)]
    if not np.array_equal(*outputs):
        raise UserError(
            f"The {trained.modality.plural} of '{trained.run.path}' are random even for given latents "
            "(dropout stays active in sampling), so an export could not be checked: train with "
            '--trick="generator_dropout(0.5, sampling=False)".'
        )
    return network


def with_dtype(generator, dtype, modality):
    """Returns the generator with its float32 outputs, or with stored ones, as `dtype` says."""
    if dtype == "float32":
        return generator
    stored = modality.to_stored_tensor(generator.output)
    return keras.Model(generator.inputs, stored, name=generator.name)


def _check(trained, generator, dtype, output, usage, folder, package):
    """Compares the file's samples, generated in a separate process, with the run's."""
    modality, what = trained.modality, trained.modality.plural
    inputs = {"latent": latents.draw(0, range(CHECKED), trained.latent_dim)}
    if trained.conditional:
        inputs["label"] = np.arange(CHECKED, dtype=np.int32) % len(trained.label_names)
    found = verification.value_of(output, usage, folder, inputs, without_package=not package)
    given = trained.inputs(inputs["latent"], inputs.get("label"))
    expected = np.asarray(generator(given, training=False))
    if found.shape != expected.shape:
        raise UserError(
            f"The exported generator makes {what} of shape {found.shape} instead of {expected.shape}, so "
            "the export was removed."
        )
    if not np.isfinite(found).all():
        raise UserError(
            "The exported generator makes values that are not finite, so the export was removed."
        )
    stored = modality.to_stored(expected)
    low, high = modality.stored_range
    as_stored = modality.to_stored(found) if dtype == "float32" else found
    difference = _difference(as_stored, stored)
    if difference > TOLERANCE * (high - low):
        raise UserError(
            f"The exported generator's {what} differ from the run's by up to {difference:g} of "
            f"{high - low:g}, so the export was removed."
        )
    runs_own = trained.samples(inputs["latent"], inputs.get("label"))
    return Check(
        CHECKED,
        what,
        difference,
        high - low,
        _difference(found, expected) if dtype == "float32" else None,
        package,
        precision.resolve(trained.config.precision),
        _difference(runs_own, stored),
    )


def _difference(first, second):
    return float(np.abs(first.astype(np.float64) - second).max())


def _samples(trained):
    """A sheet of samples, as PNG; one row per class of a conditional run."""
    columns, labels = 8, None
    if trained.conditional:
        labels = np.repeat(np.arange(min(len(trained.label_names), 10)), columns)
    count = SAMPLES if labels is None else len(labels)
    made = trained.samples(latents.draw(0, range(count), trained.latent_dim), labels)
    return png(trained.modality.sheet(made, columns))
