"""A made-up modality, 1-D signals, as a plug-in: all that is known of it stands in this file."""

import io

import numpy as np

from gan_tf.data.source import Source
from gan_tf.files.atomic_write import write
from gan_tf.modalities.modality import Modality
from gan_tf.registry import DATASETS, FORMATS, MODALITIES
from gan_tf.sampling.formats.format import Format

LENGTH = 64
COUNT = 240
_LARGEST = 32767


@MODALITIES.register("signal")
class Signal(Modality):
    """Signals: int16 (length, 1), which networks see from -1 to 1."""

    name = "signal"
    plural = "signals"
    disclaimer = "not a measurement"
    stored_dtype = "int16"
    stored_range = (-32767, 32767)
    snapshot_suffix = ".csv"
    history_name = "history.csv"
    default_format = "csv"

    def to_network(self, stored):
        if isinstance(stored, np.ndarray):
            return stored.astype(np.float32) / _LARGEST
        import tensorflow as tf

        return tf.cast(stored, tf.float32) / _LARGEST

    def to_stored(self, outputs):
        scaled = np.rint(np.asarray(outputs, np.float32) * _LARGEST)
        return np.clip(scaled, -_LARGEST, _LARGEST).astype(np.int16)

    def to_stored_tensor(self, outputs):
        from keras import ops

        return ops.cast(ops.clip(ops.round(outputs * _LARGEST), -_LARGEST, _LARGEST), "int16")

    def check_shape(self, shape):
        if len(shape) != 2 or shape[1] != 1:
            raise ValueError(f"a signal is (length, 1), and this is {tuple(shape)}")

    def sheet(self, samples, columns=None):
        columns = columns or int(np.ceil(np.sqrt(len(samples))))
        length = samples.shape[1]
        sheet = np.zeros((-(-len(samples) // columns) * 32, columns * length, 1), np.uint8)
        heights = 16 - np.rint(samples[..., 0] / _LARGEST * 15).astype(int)
        for index, each in enumerate(heights):
            top, left = index // columns * 32, index % columns * length
            sheet[top + each, left + np.arange(length)] = 255
        return sheet

    def snapshot(self, samples, columns=None):
        return as_csv(samples)

    def history(self, snapshots):
        return b"\n".join(path.read_bytes() for path in snapshots)


@DATASETS.register("sines")
class Sines(Source):
    """Sines: 240 signals of 64 values, of two frequencies."""

    modality = "signal"
    name = "sines"
    sample_shape = (LENGTH, 1)
    num_examples = COUNT
    label_names = ("slow", "fast")
    cache_key = "1"

    def batches(self):
        yield signals(COUNT, seed=0)

    def held_out(self):
        yield signals(20, seed=1)


@FORMATS.register("csv")
class Csv(Format):
    """A CSV file, a signal a row."""

    modalities = ("signal",)
    suffix = ".csv"

    def write(self, out, batches, job):
        write(out, b"".join(as_csv(batch.samples) for batch in batches))


def signals(count, seed):
    """Returns {"signal": int16 (count, 64, 1), "label": int64 (count,)}."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 2, count)
    phases = random.uniform(0, 2 * np.pi, count)
    angles = phases[:, None] + (1 + 3 * labels[:, None]) * np.linspace(0, 2 * np.pi, LENGTH)
    samples = np.rint(20000 * np.sin(angles)).astype(np.int16)[..., None]
    return {"signal": samples, "label": labels}


def as_csv(samples):
    """Returns a text file of signals, as bytes."""
    file = io.BytesIO()
    np.savetxt(file, samples[..., 0], "%d", ",")
    return file.getvalue()
