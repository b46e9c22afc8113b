"""What is written of a translation: outputs, the page, the scores."""

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from gan_tf.errors import UserError
from gan_tf.runs.run_dir import RunDir
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.sampling import translation
from gan_tf.translate import Options


def test_outputs_have_the_opacity_of_their_sources():
    gray = np.full((4, 4, 1), 7, np.uint8)
    alpha = np.uint8([[0, 255], [128, 1]])
    made = translation._with_alpha(gray, alpha)
    np.testing.assert_array_equal(made[..., :3], 7)
    np.testing.assert_array_equal(made[..., 3], alpha.repeat(2, 0).repeat(2, 1))
    assert translation._with_alpha(gray, None) is gray


def test_the_page_names_files_safely():
    parts = {"source": np.zeros(1), "output": np.zeros(1), "target": None}
    section = translation._section(parts, {"file": "a/<b> #1.png", "psnr": 12.3456})
    assert "<h2>a/&lt;b&gt; #1.png, psnr 12.35</h2>" in section
    assert 'src="source/a/%3Cb%3E%20%231.png" alt="source"' in section
    assert 'src="a/%3Cb%3E%20%231.png" alt="output"' in section and "target" not in section


def test_scores_are_a_table_and_their_means_are_shown(tmp_path, capsys):
    scores = [{"file": f"{n}.png", "psnr": 10.0 * n, "ssim": 0.5} for n in (1, 2)]
    translation._report(scores, tmp_path)
    assert (tmp_path / "scores.csv").read_text() == (
        "file,psnr,ssim\n1.png,10.0,0.5\n2.png,20.0,0.5\n"
    )
    printed = capsys.readouterr().out
    assert f"psnr 15  ssim 0.5: {tmp_path / 'scores.csv'}" in printed
    assert f"2 images: {tmp_path}" in printed


@pytest.mark.parametrize("part, path", [("output", "x.png"), ("source", "source/x.png")])
def test_outputs_lie_in_the_folder_and_the_rest_below(tmp_path, part, path):
    assert translation._path(tmp_path, part, "x.png") == tmp_path / path


@pytest.mark.parametrize("direction", ["a_to_b", "b_to_a"])
def test_a_run_of_two_domains_translates_either_way(cyclegan_run, tmp_path, direction):
    run = RunDir(cyclegan_run)
    options = Options(dataset=True, direction=direction, out=str(tmp_path), num_images=1)
    translation.translate(run, options)
    [made] = tmp_path.iterdir()
    trained = TrainedRun(run, direction=direction)
    _, source = trained.source()
    [held_out] = source.source_domain.held_out()
    expected = trained.generate(trained.modality.to_network(held_out["image"]))
    found = np.asarray(Image.open(made)).astype(int)
    assert np.abs(found - trained.modality.to_stored(expected)[0]).max() <= 1
    kept = list(run.checkpoints.iterdir())[-1]
    names = {"a_to_b": "ema_generator", "b_to_a": "ema_inverse_generator"}
    reader = tf.train.load_checkpoint(str(kept / "state"))
    stored = [
        reader.get_tensor(each)
        for each, shape in reader.get_variable_to_shape_map().items()
        if each.startswith(f"{names[direction]}/") and shape == [4, 4, 3, 2]
    ]
    assert any(np.array_equal(one, trained.generator.get_weights()[0]) for one in stored)


def test_a_direction_that_there_is_not_is_refused(cyclegan_run):
    with pytest.raises(UserError, match="no direction 'back': give one of a_to_b, b_to_a"):
        TrainedRun(cyclegan_run, direction="back")
