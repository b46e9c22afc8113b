"""The options of `gan_tf.evaluate` are checked before TensorFlow is imported."""

import json

import pytest

from gan_tf.errors import UserError
from gan_tf.evaluate import Options
from gan_tf.evaluation.request import read_request
from tests.conftest import bare_run


@pytest.fixture
def runs(tmp_path):
    scored, plain = bare_run(tmp_path / "scored"), bare_run(tmp_path / "plain")
    scored.metrics.write_text(json.dumps({"step": 10, "fid": 3.0}) + "\n")
    return scored, plain


@pytest.mark.parametrize(
    "options, message",
    [
        ({}, "one of --run_dir"),
        (dict(run_dir="{scored}", checkpoint="7"), "no checkpoint '7'"),
        (dict(compare=("{scored}", "{plain}"), checkpoint="best"), "no best checkpoint"),
        (dict(compare=("{plain}",), plot="x.png"), "nothing to plot"),
        (
            dict(compare=("{scored}",), plot="x.gif"),
            "--plot=x.gif: give a name that ends in .png or",
        ),
        (dict(run_dir="{scored}", memorization="x.jpg"), "--memorization=x.jpg: .*ends in .png"),
        (dict(run_dir="{scored}", json="{scored}"), "is a folder: give the name of a file"),
        (dict(run_dir="{scored}", json="{scored}/flags.txt/x"), "cannot be written: '.*flags.txt'"),
        (dict(compare=("{scored}",), plot="x.png", json="x.png"), "would be written twice"),
        (dict(run_dir="{scored}", memorization="x.png", metric=("fid",)), "--metric has no effect"),
        (dict(run_dir="{scored}", features="keras_model('x.keras')"), "there is no file 'x.keras'"),
        (
            dict(images="gone", dataset="mnist"),
            "There is no file or folder 'gone': correct --images",
        ),
        (dict(run_dir="{scored}", image_dir="gone"), "There is no directory 'gone'"),
    ],
)
def test_refuses_in_one_sentence(runs, options, message):
    scored, plain = (str(each.path) for each in runs)

    def fill(value):
        if isinstance(value, tuple):
            return tuple(map(fill, value))
        return value.format(scored=scored, plain=plain)

    with pytest.raises(UserError, match=message):
        read_request(Options(**{name: fill(value) for name, value in options.items()}))


@pytest.mark.parametrize("plot", ["x.png", "X.PDF", "x.svg"])
def test_a_plot_of_runs_of_which_one_was_scored(runs, tmp_path, plot):
    paths = tuple(str(each.path) for each in runs)
    found, configs = read_request(Options(compare=paths, plot=str(tmp_path / plot)))
    assert [str(each.path) for each in found] == list(paths)
    assert [each.dataset for each in configs] == ["mnist", "mnist"]
