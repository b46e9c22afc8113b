"""The base of the export formats."""

import abc
import os
import pathlib

from gan_tf.errors import UserError
from gan_tf.options.option import check_writable

CARD = "MODEL_CARD.md"


class Exporter(abc.ABC):
    """Writes a generator to a file that does not need gan_tf, and shows how to use it.

    Args:
        output: the name of the generator's output in the file; default "samples".

    Attributes:
        file: the name of the file, or folder, that it writes.
        needs: the modules that it needs besides TensorFlow.
        extra: the extra of gan_tf that installs them.
        keras_layers_only: whether a file with gan_tf's own layers needs gan_tf to be loaded.
        any_size: whether it can hold a network that takes images of any height and width.
    """

    file = "generator"
    needs = ()
    extra = ""
    keras_layers_only = False
    any_size = False

    def __init__(self, output: str | None = None):
        self.output = output or "samples"

    @abc.abstractmethod
    def write(self, generator, path, class_frequencies=None):
        """Writes the file.

        Args:
            generator: a float32 `keras.Model`, of stock Keras layers where possible, with named
                inputs, such as "latent" (batch, latent_dim), -> samples. If the format can hold it,
                heights and widths of images can be None.
            path: of the new file.
            class_frequencies: how many examples of each class the data have, if conditional.

        Returns:
            A list of sentences for the user, usually [].
        """

    @abc.abstractmethod
    def usage(self, inputs):
        """Returns a few lines of Python, for the model card and for the check of the file.

        They run in the file's folder, with each input's name bound to an array, and must bind the
        name `output`.

        Args:
            inputs: the generator's inputs, `gan_tf.exporters.exported.Input`s, in order.
        """

    def signatures(self, inputs, shape, dtype):
        """Returns [text], one for each function in the file.

        Args:
            inputs: as for `usage`.
            shape: of a sample; a length can be the name of any length.
            dtype: of samples.
        """
        taken, shape = ", ".join(map(str, inputs)), ", ".join(map(str, shape))
        return [f"`({taken}) -> {self.output} {dtype} (n, {shape})`"]


def folder_of(run, options):
    """Returns the path that the options of `gan_tf.export` name, or the default for a `RunDir`."""
    parts = filter(None, (options.format, options.dtype, options.direction))
    return pathlib.Path(options.out or run.exported / "-".join(parts))


def check_folder(out):
    """Checks that an export can be written to a folder, before TensorFlow is imported.

    Raises:
        UserError: when the path is a file, or a folder that holds anything but an export.
    """
    if out.is_dir() and os.listdir(out) and not (out / CARD).is_file():
        raise UserError(f"'{out}' holds other files: give a new folder with --out.")
    if out.exists() and not out.is_dir():
        raise UserError(f"'{out}' is a file: --out takes a folder.")
    check_writable("out", out, "directory")
