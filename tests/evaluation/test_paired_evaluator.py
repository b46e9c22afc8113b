"""Scores of translations: perfect outputs, and the sources themselves."""

import numpy as np
import pytest

from gan_tf.data.examples import Examples
from gan_tf.errors import UserError
from gan_tf.evaluation.evaluator import Evaluator
from gan_tf.evaluation.paired_evaluator import PairedEvaluator
from tests.conftest import examples

METRICS = ("psnr(20)", "ssim(20)", "l1(20)", "fid(20)", "color_histogram(20)")


def pairs(count, seed):
    """Coarse RGB images, and gray sources of half their size."""
    rng = np.random.default_rng(seed)
    targets = np.kron(rng.integers(0, 256, (count, 4, 4, 3)), np.ones((1, 4, 4, 1)))
    sources = targets[:, ::2, ::2].mean(-1, keepdims=True)
    arrays = {"image": np.uint8(sources), "target": np.uint8(targets)}
    return Examples(arrays, sample="target")


def scores(evaluator, outputs):
    return dict(evaluator.score(evaluator.sample([(outputs, None)])))


def test_perfect_outputs_have_the_best_scores_and_sources_those_of_the_baseline(tmp_path):
    held_out, asked = pairs(24, 1), []

    def of_first(count):
        asked.append(count)
        return held_out

    for _ in range(2):  # computed, and from the cache
        evaluator = PairedEvaluator(
            pairs(50, 0),
            of_first,
            "key",
            "pixels",
            METRICS,
            cache_dir=tmp_path,
        )
        found = scores(evaluator, held_out.samples)
        assert (found["psnr"].value, found["l1"].value) == (100, 0)
        assert found["ssim"].value == pytest.approx(1, abs=1e-6)
        colors = found["color_histogram"]
        assert colors.value == 1 and colors.ceiling < colors.floor < 1
        assert found["fid"].value == pytest.approx(0, abs=1e-3) and found["fid"].floor > 1
        assert {name for name, each in found.items() if each.floor is None} == {
            "psnr",
            "ssim",
            "l1",
        }
        shown = np.kron(held_out.arrays["image"], np.ones((1, 2, 2, 3), np.uint8))
        for name, result in scores(evaluator, shown).items():
            assert result.value == pytest.approx(result.ceiling, rel=1e-5), name
        assert {each.n for each in found.values()} == {20} and set(asked) == {20}


def test_the_difference_by_hand():
    held_out = pairs(6, 1)
    evaluator = PairedEvaluator(pairs(6, 0), lambda _: held_out, "key", "pixels", ("l1", "psnr"))
    outputs = held_out.samples.copy()
    outputs[0] = np.where(outputs[0] < 128, outputs[0] + 51, outputs[0] - 51)  # 0.2 of 255
    found = scores(evaluator, outputs)
    assert found["l1"].value == pytest.approx(0.2 / 6)
    assert found["psnr"].value == pytest.approx((-20 * np.log10(0.2) + 5 * 100) / 6, rel=1e-5)


def test_metrics_with_a_target_need_one():
    data = examples(np.zeros((20, 8, 8, 1), np.uint8))
    with pytest.raises(UserError, match="'psnr' compares outputs with their targets"):
        Evaluator(data, "key", "pixels", ("psnr",))
    assert "psnr" not in Evaluator(data, "key", "pixels").metrics


def test_labels_of_pairs_are_compared_where_outputs_have_them(tmp_path):
    """Outputs of the wrong style are recognized among the targets of their own label alone."""
    held_out, labels = pairs(24, 1), np.arange(24) % 2
    held_out = Examples(held_out.arrays | {"label": labels}, ("a", "b"), sample="target")
    data = Examples(pairs(50, 0).arrays | {"label": np.arange(50) % 2}, ("a", "b"), sample="target")
    arguments = (data, lambda _: held_out, "key", "pixels", ("recognized", "style_accuracy"))
    for _ in range(2):  # computed, and from the cache
        evaluator = PairedEvaluator(*arguments, cache_dir=tmp_path, labeled=True)
        outputs = held_out.samples.copy()
        outputs[0] = outputs[2]
        found = dict(evaluator.score(evaluator.sample([(outputs, labels)])))
        assert found["recognized"].value == pytest.approx(23 / 24)
        assert found["recognized"].floor is None and found["recognized"].ceiling > 0.5
        assert 0 <= found["style_accuracy"].floor <= 1
    with pytest.raises(UserError, match="'style_accuracy' compares the classes that a conditional"):
        PairedEvaluator(*arguments)
    assert "style_accuracy" not in PairedEvaluator(*arguments[:4]).metrics
