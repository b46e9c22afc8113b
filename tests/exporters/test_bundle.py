"""How an export is made and checked."""

import dataclasses

from gan_tf.exporters import bundle


def test_the_card_tells_how_the_file_was_checked():
    check = bundle.Check(8, "images", 1.0, 255, 2e-7, False, "float32", 0.0)
    assert str(check) == (
        "Checked in a new process without gan_tf: the values of 8 images differ from the run's, in "
        "float32, by at most 1 of 255 (2.0e-07 of the floats)."
    )
    rounded = dataclasses.replace(
        check, package=True, floats=None, precision="mixed_bfloat16", of_precision=3.0
    )
    assert "with gan_tf, which it needs" in str(rounded) and "[-1, 1]" not in str(rounded)
    assert str(rounded).endswith(
        "uses mixed_bfloat16, whose values differ from these by at most 3."
    )
