"""Loading of .keras files of unknown origin."""

import keras

from gan_tf.files.keras_archive import checked_keras
from gan_tf.runtime.network_size import BYTES, measure, memory

MAX_BYTES = 4 << 30


def load(path, samples, max_bytes=MAX_BYTES, links=False):
    """Loads a .keras file without running code from it.

    Args:
        path: the file.
        samples: how many the model will compute at once.
        max_bytes: its maximum size, packed and unpacked, default 4 GB.
        links: whether to follow a symbolic link.

    Returns:
        The `keras.Model`, and the content of the file, bytes.

    Raises:
        Exception: of many kinds: when it cannot be read, is not such a file, describes larger
            networks than it has weights for or than this machine has memory for, or has a Lambda
            layer or layers unknown to Keras.
    """
    with checked_keras(path, max_bytes, links) as (copy, content, config, count):
        config = {name: each for name, each in config.items() if name != "compile_config"}
        size = measure(lambda: keras.saving.deserialize_keras_object(config, safe_mode=True))
        if size.weights > count:
            raise ValueError(f"it describes {size.weights:,} weights and has {count:,}")
        if BYTES * size.output * samples > memory():
            raise ValueError(f"a layer of it makes {size.output:,} values of each sample")
        model = keras.saving.load_model(copy, compile=False, safe_mode=True)
        return model, content
