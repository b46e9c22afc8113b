"""The TFRecord format."""

import numpy as np

from gan_tf.files.atomic_write import atomic_file
from gan_tf.modalities.image import png
from gan_tf.registry import FORMATS
from gan_tf.sampling.formats.format import Format


@FORMATS.register("tfrecord")
class TFRecord(Format):
    """A TFRecord file of tf.train.Example: `image`, a PNG, and its origin: `seed`, ..."""

    modalities = ("image",)
    suffix = ".tfrecord"

    def write(self, out, batches, job):
        import tensorflow as tf  # imported here so that flags can be checked without it

        def feature(value):
            if isinstance(value, bytes):
                return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))
            if np.issubdtype(value.dtype, np.integer):
                return tf.train.Feature(int64_list=tf.train.Int64List(value=[int(value)]))
            return tf.train.Feature(float_list=tf.train.FloatList(value=[float(value)]))

        # TensorFlow opens files by name, so the empty temporary file is opened a second time.
        with atomic_file(out) as file, tf.io.TFRecordWriter(file.name) as writer:
            for batch in batches:
                for row, pixels in enumerate(batch.samples):
                    columns = batch.row_columns(row)
                    image = png(pixels, job.note(columns))
                    features = {name: feature(each) for name, each in columns.items()}
                    features["image"] = feature(image)
                    example = tf.train.Example(features=tf.train.Features(feature=features))
                    writer.write(example.SerializeToString())
