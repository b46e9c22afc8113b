"""How the inputs of an exported network are described."""

import pytest

from gan_tf.exporters.exported import Input


@pytest.mark.parametrize(
    "given, text",
    [
        (Input("label", "int32"), "label int32 (n,)"),
        (Input("latent", "float32", (5,), ", from N(0, 1)"), "latent float32 (n, 5), from N(0, 1)"),
        (Input("source", "float32", ("h", "w", 3)), "source float32 (n, h, w, 3)"),
    ],
)
def test_an_input_is_described_by_its_shape_and_its_meaning(given, text):
    assert str(given) == text
