"""What of a run is exported: a network, the inputs that it takes, and what its card says of them."""

import abc
import dataclasses

import numpy as np

from gan_tf.errors import UserError


@dataclasses.dataclass(frozen=True)
class Input:
    """An input of an exported network.

    Attributes:
        name: of the input, and of the variable in the lines that use the file.
        dtype: of its values.
        shape: of one example; (): one value. A length can be the name of any length, such as "h".
        meaning: what the values are, beginning with a comma; "": nothing to add.
    """

    name: str
    dtype: str
    shape: tuple = ()
    meaning: str = ""

    def __str__(self):
        shape = "".join(f", {each}" for each in self.shape) or ","
        return f"{self.name} {self.dtype} (n{shape}){self.meaning}"


class Exported(abc.ABC):
    """The sampler of a run as a file holds it; one subclass for each `source` of kinds of GAN.

    Args:
        trained: the `gan_tf.runs.trained_run.TrainedRun`.
        any_size: whether the format can hold a network for samples of any size.

    Attributes:
        trained: that.
        network: the float32 network: the inputs -> samples.
        inputs: the `Input`s, in order.
        shape: of a sample, as for an `Input`.
        title: what the file is: "a generator of images".
        takes: what it makes samples of: "latents and labels".
        baselines: what the floor and the ceiling of a score are those of: (title, title).
        caption: of the picture on the card: a sentence.
        notes: what the card says of inputs and outputs: sentences.

    Raises:
        UserError: when its samples are random even for given inputs.
    """

    network = inputs = shape = title = takes = caption = None
    baselines = ("real", "noise")
    notes = ()

    def __init__(self, trained, any_size):
        self.trained = trained
        self.build(any_size)

    @abc.abstractmethod
    def build(self, any_size):
        """Sets the attributes."""

    @abc.abstractmethod
    def example(self):
        """Returns lines of Python that bind each input's name to some examples."""

    @abc.abstractmethod
    def cases(self):
        """Returns [{name of an input: array}], which the file is checked with.

        The first is in the size of training.
        """

    @abc.abstractmethod
    def samples(self, arrays):
        """Returns the stored samples that the run itself makes of one of the `cases`."""

    @abc.abstractmethod
    def picture(self):
        """Returns the picture on the card, as PNG; None if it cannot be made."""

    def expected(self, arrays):
        """Returns what the network makes of one of the `cases`: float32 (n, ...)."""
        inputs = [arrays[each.name] for each in self.inputs]
        made = self.network(inputs if len(inputs) > 1 else inputs[0], training=False)
        return np.asarray(made)


def check_repeatable(exported, problem):
    """Raises a `UserError` if the network's samples are random even for given inputs."""
    first, *_ = exported.cases()
    if not np.array_equal(*(exported.expected(first) for _ in range(2))):
        raise UserError(problem)
