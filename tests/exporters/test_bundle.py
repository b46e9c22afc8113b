"""How an export is made and checked."""

import dataclasses

import numpy as np

from gan_tf.exporters import bundle
from gan_tf.runs.trained_run import TrainedRun
from tests.conftest import tiny, untrained


def test_the_run_is_compared_in_float32(photos, tmp_path):
    """Differences due to bfloat16 are not attributed to the export."""
    config = tiny(photos, tmp_path / "run", precision="mixed_bfloat16", arch="mlp(width=32)")
    trained = TrainedRun(untrained(config))
    generator = bundle.in_float32(trained)
    assert {layer.compute_dtype for layer in generator.layers if layer.weights} == {"float32"}
    for mine, its in zip(generator.get_weights(), trained.generator.get_weights()):
        np.testing.assert_array_equal(mine, its)


def test_the_card_tells_how_the_file_was_checked():
    check = bundle.Check(8, "images", 1.0, 255, 2e-7, False, "float32", 0.0)
    assert str(check) == (
        "Checked in a new process without gan_tf: the values of 8 images differ from the run's, in "
        "float32, by at most 1 of 255 (2.0e-07 in [-1, 1])."
    )
    rounded = dataclasses.replace(
        check, package=True, floats=None, precision="mixed_bfloat16", of_precision=3.0
    )
    assert "with gan_tf, which it needs" in str(rounded) and "[-1, 1]" not in str(rounded)
    assert str(rounded).endswith(
        "uses mixed_bfloat16, whose values differ from these by at most 3."
    )
