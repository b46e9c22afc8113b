"""The options of `gan_tf.generate` are checked before TensorFlow is imported."""

import dataclasses

import pytest

from gan_tf.errors import UserError
from gan_tf.generate import Options
from gan_tf.sampling.request import read_request
from tests.conftest import bare_run

DIGITS = tuple("0123456789")


@pytest.fixture
def run(tmp_path):
    return bare_run(tmp_path / "run", DIGITS, conditional="concat")


def request(run, **options):
    return read_request(Options(run_dir=(str(run.path),), **options))


@pytest.mark.parametrize(
    "options, spec",
    [
        ({}, "Grid"),
        (dict(out="x.png"), "Grid"),
        (dict(out="x"), "Grid"),
        (dict(out="x.gif"), "Gif"),
        (dict(out="x.NPZ"), "Npz"),
        (dict(out="x.tfrecord"), "TFRecord"),
        (dict(out="x.webp", walk=3), "AnimatedWebP"),
        (dict(out="x.gif", walk=3), "Gif"),
        (dict(out="x", format="png"), "Png"),
    ],
)
def test_the_ending_of_out_names_the_format(run, tmp_path, options, spec):
    if "out" in options:
        options = options | {"out": str(tmp_path / options["out"])}
    assert type(request(run, **options).form).__name__ == spec


@pytest.mark.parametrize(
    "options, message",
    [
        (dict(out="x.jpg"), "--format=grid writes a .png file: .*or --format=jpeg for a folder"),
        (dict(out="x.txt"), "writes a .png file: give it that ending"),
        (dict(out="x.png", format="npz"), "--format=npz writes a .npz file"),
        (dict(out="x.jpg", format="jpeg"), "--format=jpeg writes a folder of .jpg files"),
        (dict(label="12"), "--label=12: no such class"),
        (dict(checkpoint="11"), "no checkpoint '11'.* 10"),
        (dict(image_dir="gone"), "There is no directory 'gone': correct --image_dir"),
        (dict(num_images=100_000_000, format="npz"), "100,000,000 images are 78 GB.*--large"),
    ],
)
def test_refuses_in_one_sentence(run, options, message):
    with pytest.raises(UserError, match=message):
        request(run, **options)


def test_a_large_amount_can_be_confirmed(run):
    assert request(run, num_images=100_000_000, format="npz", large=True).job.count == 100_000_000


def test_runs_that_do_not_go_together_are_refused(run, tmp_path):
    other = bare_run(tmp_path / "other", DIGITS)
    options = Options(run_dir=(str(run.path), str(other.path)))
    with pytest.raises(UserError, match="do not take the same labels"):
        read_request(options)
    read_request(dataclasses.replace(options, run_dir=(str(run.path),) * 2))
