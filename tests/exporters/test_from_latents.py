"""What is exported of generators that make samples of latents."""

import numpy as np
import pytest

from gan_tf.exporters.from_latents import FromLatents
from gan_tf.runs.trained_run import TrainedRun
from tests.conftest import tiny, untrained


def test_the_run_is_compared_in_float32(photos, tmp_path):
    """Differences due to bfloat16 are not attributed to the export."""
    config = tiny(photos, tmp_path / "run", precision="mixed_bfloat16", arch="mlp(width=32)")
    trained = TrainedRun(untrained(config))
    generator = FromLatents(trained, any_size=False).network
    assert {layer.compute_dtype for layer in generator.layers if layer.weights} == {"float32"}
    for mine, its in zip(generator.get_weights(), trained.generator.get_weights()):
        np.testing.assert_array_equal(mine, its)


@pytest.mark.parametrize(
    "conditional, names", [(None, ["latent"]), ("concat", ["latent", "label"])]
)
def test_the_lines_on_the_card_bind_what_the_network_takes(photos, tmp_path, conditional, names):
    trained = TrainedRun(untrained(tiny(photos, tmp_path / "run", conditional=conditional)))
    exported = FromLatents(trained, any_size=False)
    assert [each.name for each in exported.inputs] == names
    bound = {"np": np}
    exec("\n".join(exported.example()), bound)
    assert exported.expected(bound).shape == (16, 8, 8, 3)
    (case,) = exported.cases()
    assert list(case) == names
    expected = trained.modality.to_stored(exported.expected(case))
    assert np.abs(exported.samples(case).astype(int) - expected).max() <= 1
