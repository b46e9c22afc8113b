"""The data of a training: what is read, left out and refused."""

import contextlib

import pytest

from gan_tf.errors import UserError
from gan_tf.runs.run_dir import RunDir
from gan_tf.runtime.strategies import Workers
from gan_tf.training import loading, loop


@pytest.fixture
def load():
    """Loads the data of a `Config` into a new run directory; returns the run and its data."""

    def load(config):
        run = RunDir(config.run_dir)
        with contextlib.closing(run):
            run.open(config)
            data = loading.load(config, run, Workers())[1]
            run.write_flags(config)  # it is a run from now on
        return run, data

    return load


def test_unreadable_files_are_listed_and_left_out(config, load, tmp_path, photos, capsys):
    folder = tmp_path / "mixed"
    folder.mkdir()
    for number, file in enumerate(sorted(photos.rglob("*.png"))[:16]):
        (folder / f"{number}.png").write_bytes(file.read_bytes())
    (folder / "broken.jpg").write_bytes(b"\xff\xd8 not a picture")
    run, data = load(config(image_dir=str(folder)))
    printed = capsys.readouterr().out
    assert "1 image was left out: 'broken.jpg' (" in printed
    assert f"All are listed in '{run.skipped}'." in printed
    assert "image_folder: 16 images of 8x8x3." in printed
    assert "broken.jpg" in run.skipped.read_text()
    assert len(data) == run.read_data()["num_examples"] == 16


def test_a_batch_of_steps_counts_all_batches_of_a_step(config, load, tmp_path):
    load(config(batch_size=10, discriminator_steps=4))
    with pytest.raises(UserError, match="fewer than the 50 of one step"):
        load(config(batch_size=10, discriminator_steps=5, run_dir=str(tmp_path / "other")))


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"batch_size": 41}, "has 40 readable images, fewer than the 41"),
        ({"image_dir": "no-such-folder"}, "There is no directory 'no-such-folder'"),
        ({"dataset": "mnist", "image_dir": None, "data_dir": "nowhere"}, "correct --data_dir"),
    ],
)
def test_bad_input_is_one_sentence(config, changes, words):
    with pytest.raises(UserError, match=words):
        loop.train(config(**changes))
