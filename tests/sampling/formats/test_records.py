"""TFRecord files."""

import numpy as np
import tensorflow as tf

from tests.sampling.formats.example import PIXELS, written


def test_a_tfrecord(tmp_path):
    out = written("tfrecord", tmp_path / "x.tfrecord")
    read = [tf.train.Example.FromString(each.numpy()) for each in tf.data.TFRecordDataset(str(out))]
    assert len(read) == 7
    features = read[3].features.feature
    assert [features[name].int64_list.value[0] for name in ("seed", "number", "run")] == [4, 3, 1]
    image = tf.io.decode_png(features["image"].bytes_list.value[0])
    np.testing.assert_array_equal(image, PIXELS[3])
