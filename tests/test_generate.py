"""`python -m gan_tf.generate` on a run directory, as a user runs it."""

import dataclasses

import numpy as np
import pytest
from PIL import Image

from gan_tf import sampling, train
from gan_tf.errors import UserError
from gan_tf.generate import Options
from gan_tf.run_dir import RunDir
from tests.conftest import assert_user_error, tiny


@pytest.fixture(scope="module")
def run(photos, tmp_path_factory):
    config = tiny(photos, tmp_path_factory.mktemp("generate") / "run", epochs=1)
    train.train(config)
    return RunDir(config.run_dir)


def write(run, **changes):
    options = dataclasses.replace(Options(run_dir=str(run.path)), **changes)
    return sampling.write_images(run, options)


def test_a_grid(run):
    with Image.open(write(run, num_images=9)) as picture:
        assert picture.size == (28, 28)  # 3 x 3 images of 8, 2 apart
    assert (run.generated / "seed0.png").is_file()


def test_a_file_for_each_image(run, tmp_path):
    folder = write(run, format="png", num_images=3, seed=4, out=str(tmp_path / "out"))
    names = [f"seed4-{number:06d}.png" for number in range(3)]
    assert sorted(each.name for each in folder.iterdir()) == names


def test_an_archive(run, tmp_path):
    out = write(run, format="npz", num_images=7, out=str(tmp_path / "x.npz"))
    with np.load(out) as archive:
        assert archive["images"].shape == (7, 8, 8, 3)
        assert archive["images"].dtype == np.uint8


def test_the_formats_hold_the_same_images(run, tmp_path):
    archive = write(run, format="npz", num_images=2, out=str(tmp_path / "x.npz"))
    folder = write(run, format="png", num_images=2, out=str(tmp_path / "x"))
    for image, file in zip(np.load(archive)["images"], sorted(folder.iterdir())):
        np.testing.assert_array_equal(np.asarray(Image.open(file)), image)


def test_an_image_depends_on_the_seed_and_its_number_alone(run):
    generator = sampling.load_generator(run)[0]

    def images(number, **arguments):
        batches = sampling.generate(generator, number, **arguments)
        return np.concatenate([batch for batch, _ in batches])

    np.testing.assert_array_equal(images(5, seed=3), images(12, seed=3)[:5])
    other_batches = images(12, seed=3, batch_size=5).astype(int)
    assert np.abs(other_batches - images(12, seed=3)).max() <= 1
    assert np.any(images(5, seed=3) != images(5, seed=4))


def test_samples_are_those_of_the_final_snapshot(run):
    """Snapshots are drawn with the training seed, and so is seed 0 here."""
    generated = write(run, num_images=64)
    newest = max(run.samples.glob("step-*.png"))
    pair = [np.asarray(Image.open(file)).astype(int) for file in (generated, newest)]
    assert np.abs(pair[0] - pair[1]).max() <= 1


@pytest.mark.slow
def test_the_command_needs_nothing_but_the_run_directory(run, command, tmp_path):
    result = command("generate", f"--run_dir={run.path}", "--num_images=4", "--out=grid.png")
    assert result.returncode == 0, result.stderr
    assert "grid.png" in result.stdout
    with Image.open(tmp_path / "grid.png") as picture:
        assert picture.size == (18, 18)


@pytest.mark.parametrize(
    "arguments, words",
    [
        ((), "--run_dir"),
        (("--run_dir=nothing-here",), "is not a run directory"),
        (("--run_dir=.", "--format=gird"), "did you mean 'grid'"),
        (("--run_dir=.", "--num_images=0"), "it must be 1 or more"),
    ],
)
def test_bad_flags_are_one_sentence(command, arguments, words):
    assert_user_error(command("generate", *arguments), words)


def test_a_run_without_a_checkpoint_says_so(run, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    for file in (run.flags, run.data):
        (empty / file.name).write_bytes(file.read_bytes())
    with pytest.raises(UserError, match="has no checkpoint yet"):
        write(RunDir(empty))


def test_a_folder_is_no_file_for_a_grid(run, tmp_path):
    with pytest.raises(UserError, match="is a folder"):
        write(run, out=str(tmp_path))


def test_a_place_that_cannot_be_written_says_so(run, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UserError, match="cannot be written"):
        write(run, out=str(tmp_path / "file" / "grid.png"))
