"""Records when workers exchange values: a plug-in for `experiments.cluster.scaling`, with a trick."""

import dataclasses
import json
import os

import tensorflow as tf

from gan_tf.registry import TRICKS
from gan_tf.runtime import replicas
from gan_tf.tricks.trick import Trick


@TRICKS.register("exchange_times")
@dataclasses.dataclass(eq=False)
class ExchangeTimes(Trick):
    """Writes a line for each exchange of a step: the bytes that a worker sends, and two times.

    The first is when the worker has all values that it sends, the second when it has received the means;
    both are in microseconds. Values that would be sent as they become ready wait for the last.

    Args:
        folder: where each worker writes a file, `0.txt` the first one.
    """

    folder: str = "exchanges"

    def attach(self, gan):
        mean = replicas.mean
        number = json.loads(os.environ["TF_CONFIG"])["task"]["index"]
        path = f"file://{os.path.abspath(self.folder)}/{number}.txt"

        def timed(values):
            flat = tf.nest.flatten(values)
            size = sum(each.shape.num_elements() * each.dtype.size for each in flat)
            with tf.control_dependencies(flat):
                ready = _microseconds()
            with tf.control_dependencies([ready]):
                values = tf.nest.map_structure(tf.identity, values)
            means = mean(values)
            with tf.control_dependencies(tf.nest.flatten(means)):
                received = _microseconds()
            tf.print(size, ready, received, output_stream=path)
            return means

        replicas.mean = timed


def _microseconds():
    return tf.cast(1e6 * tf.timestamp(), tf.int64)
