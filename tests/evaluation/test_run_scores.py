"""Which runs and images are compared with which real images, and what is kept of their scores.

Images that are those of the floor, saved in any form, score the floor exactly.
"""

import dataclasses
import json
import shutil
import types

import numpy as np
import pytest
from PIL import Image

from gan_tf import evaluate
from gan_tf.data.glyphs import draw
from gan_tf.errors import UserError
from gan_tf.evaluate import Options
from gan_tf.evaluation import run_scores
from gan_tf.evaluation.report import Report
from gan_tf.runs import kept_scores
from gan_tf.runs.run_dir import RunDir
from gan_tf.sampling.formats.format import Generated
from tests.conftest import bare_run, tiny, untrained

METRICS = [
    *("class_kl", "classifier_score", "coverage", "density", "fid", "intra_fid", "kid(subsets=20)"),
    *("mode_count", "ms_ssim(pairs=100)", "precision", "recall", "swd(9)"),
]
FORMS = ("flat", "flat.zip", "unlabeled.npz", "classes", "classes.zip", "labeled.npz")


def save(images, labels, folder, random=None):
    """Writes PNGs to folders of their classes, or, without labels, to one; in random order."""
    names = range(len(images)) if random is None else random.permutation(len(images))
    for row, (name, image) in enumerate(zip(names, images)):
        path = folder / ("" if labels is None else str(labels[row])) / f"{name:04d}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image[..., 0]).save(path)


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    """120 digits in folders of their classes, `real`; those of the floor in all forms."""
    home = tmp_path_factory.mktemp("digits")
    images, labels = draw(120, 0)
    rows = np.argsort(labels, kind="stable")  # as they lie in the folders
    images, labels = images[rows], labels[rows]
    save(images, labels, home / "real")
    others = np.random.default_rng(0).permutation(120)[1::2]
    images, labels = images[others], labels[others]
    save(images, None, home / "flat", np.random.default_rng(1))
    save(images, labels, home / "classes", np.random.default_rng(2))
    for name in ("flat", "classes"):
        shutil.make_archive(str(home / name), "zip", home / name)
    mixed = np.random.default_rng(3).permutation(60)
    np.savez(home / "unlabeled.npz", images=images[mixed])
    np.savez(home / "labeled.npz", images=images[mixed], label=labels[mixed])
    return home


@pytest.fixture(scope="module")
def evaluated(digits):
    """Calls the command with the digits as real images."""

    def call(*arguments):
        words = ["--dataset=image_folder", f"--image_dir={digits / 'real'}", "--image_size=28"]
        words += ["--color_mode=grayscale", "--features=glyph_classifier"]
        assert evaluate.main(["", *words, f"--cache_dir={digits / 'cache'}", *arguments]) == 0

    return call


@pytest.fixture(scope="module")
def score(evaluated, digits):
    """Scores one of the forms; returns {metric: its JSON}."""

    def call(name, *arguments):
        evaluated(f"--images={digits / name}", f"--json={digits / 'scores.json'}", *arguments)
        return json.loads((digits / "scores.json").read_text())["metrics"]

    return call


@pytest.mark.parametrize("name", FORMS)
def test_images_saved_as_the_floor_score_the_floor(score, name):
    """Of all of them, --num_images and the metrics take the same part as the floor does."""
    for counts in ((), ("--num_images=40",)) if name in ("flat", "labeled.npz") else ((),):
        found = score(name, "--metric", *METRICS, *counts)
        assert len(found) == 12
        for metric, each in found.items():
            assert each["n"] == (9 if metric == "swd" else 40 if counts else 60)
            assert each["value"] == each["floor"] != each["ceiling"], metric


@pytest.mark.slow
def test_folders_and_labels_are_classes_of_the_data_set_if_these_have_their_names(
    score, digits, capsys
):
    metrics = ("--metric", "ms_ssim", "intra_fid")
    predicted, found = (score(name, *metrics) for name in ("flat", "classes"))
    assert found == score("labeled.npz", *metrics)
    for name, renamed in (("swapped", ("1 x", "7 1", "x 7")), ("others", ("7 seven",))):
        copy = shutil.copytree(digits / "classes", digits / name)
        for each in renamed:
            before, after = each.split()
            (copy / before).rename(copy / after)
    swapped = score("swapped", *metrics)
    assert swapped["intra_fid"]["value"] > 1.5 * found["intra_fid"]["value"]
    assert swapped["intra_fid"]["floor"] == found["intra_fid"]["floor"]
    capsys.readouterr()
    assert score("others", *metrics) == predicted
    told = capsys.readouterr().out
    assert "seven, are not classes of the data set (0, 1, 2" in told
    assert "so the images are scored without labels." in told


def test_memorization_of_unseen_images_in_any_form_is_that_of_unseen_images(
    evaluated, digits, tmp_path, capsys
):
    """There is no test split, so a tenth of the data is unseen: here it is given, twice."""
    files = sorted((digits / "real").glob("*/*.png"))
    found = set()
    for form, name in (("flat", "{row}"), ("reversed", "{back}"), ("classes", "{folder}/{row}")):
        for row, index in enumerate(np.random.default_rng(0).permutation(120)[:12]):
            file = files[index]
            to = tmp_path / form / name.format(row=row, back=99 - row, folder=file.parent.name)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, f"{to}.png")
        picture = tmp_path / "nearest.png"
        evaluated(f"--images={tmp_path / form}", f"--memorization={picture}")
        found.add((capsys.readouterr().out.splitlines()[-2], picture.read_bytes()))
    [(sentence, _)] = found
    assert sentence.startswith("Of 12 fakes, ") and "in 50% of pairs" in sentence


@pytest.fixture(scope="module")
def runs(photos, tmp_path_factory):
    """Two runs on the photos, and one on a part of them."""
    folder = tmp_path_factory.mktemp("scored")
    changes = {"a": {}, "b": {"seed": 1}, "part": {"classes": "a"}}
    return [untrained(tiny(photos, folder / name, **each)) for name, each in changes.items()]


def test_runs_on_the_same_data_share_the_real_images_and_a_table(
    runs, tmp_path, monkeypatch, capsys
):
    made = []

    def counted(config, run, whole=run_scores._load):
        made.append(run.path.name)
        return whole(config, run)

    monkeypatch.setattr(run_scores, "_load", counted)
    options = Options(
        metric=("fid(10)",),
        json=str(tmp_path / "scores.json"),
        num_images=10,
    )
    changes = dict(features="pixels", cache_dir=str(tmp_path / "cache"))
    configs = [dataclasses.replace(each.config(), **changes) for each in runs]
    run_scores.score_runs(options, runs, configs)
    assert made == ["a", "part"]
    scored = json.loads((tmp_path / "scores.json").read_text())["runs"]
    assert [each["name"] for each in scored] == [str(each.path) for each in runs]
    for run, each in zip(runs, scored):
        (kept,) = kept_scores.read(run)
        assert kept["metrics"] == each["metrics"] and kept["step"] == 0
    assert str(runs[0].path) in capsys.readouterr().out


def test_scores_on_other_data_are_not_kept(runs, tmp_path):
    run = runs[1]
    before = kept_scores.read(run)
    other = dataclasses.replace(run.config(), max_images=30)
    run_scores._keep(Options(), run, other, None)
    assert kept_scores.read(run) == before


def test_only_scores_in_the_runs_own_features_are_shown_with_those_of_training(
    tmp_path, monkeypatch
):
    """Those in others are kept, but are another scale."""
    published = []
    monkeypatch.setattr(
        run_scores.published_scores, "publish", lambda run, *what: published.append(what)
    )
    run = bare_run(tmp_path / "run")
    own = run.config().feature_spec()
    assert own != "pixels"
    for features in ("pixels", own, None):
        config = dataclasses.replace(run.config(), features=features)
        scored = Report("", 10, f"{features} 0", {"fid": types.SimpleNamespace(value=2.0, n=10)})
        run_scores._keep(Options(), run, config, scored)
    assert published == [(10, {"fid": 2.0}, "")] * 2
    assert [each["features"] for each in kept_scores.read(run)] == [
        "pixels 0",
        f"{own} 0",
        "None 0",
    ]


def test_pairs_are_the_first_of_a_stream():
    def stream():
        for start in (0, 4, 8):
            numbers = np.arange(start, start + 4)
            yield Generated(numbers, {"label": -numbers})
        raise AssertionError("more than were asked for")

    pairs = list(run_scores._pairs(stream(), 10))
    assert [images.tolist() for images, _ in pairs] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert pairs[2][1].tolist() == [-8, -9]


@pytest.mark.slow
def test_a_run_between_two_domains_is_scored_both_ways(cyclegan_run, tmp_path, capsys):
    run, path = RunDir(cyclegan_run), tmp_path / "scores.json"
    metrics = ("fid(2)", "cycle_l1(2)", "robust_cycle_l1(2)")
    options = Options(run_dir=cyclegan_run, metric=metrics, json=str(path))
    config = dataclasses.replace(run.config(), features="pixels", cache_dir=str(tmp_path))
    with pytest.raises(UserError, match="'fid' compares"):
        run_scores.score_runs(options, [run], [config])  # a single image of each is held out
    options = dataclasses.replace(options, metric=metrics[1:])
    run_scores.score_runs(options, [run], [config])
    reports = json.loads(path.read_text())["runs"]
    assert [each["direction"] for each in reports] == ["a_to_b", "b_to_a"]
    values = [[each["value"] for each in report["metrics"].values()] for report in reports]
    assert np.shape(values) == (2, 2) and np.ptp(values, axis=0).min() > 0
    assert [each["direction"] for each in kept_scores.read(run)] == ["a_to_b", "b_to_a"]
    shown = capsys.readouterr().out
    assert f"{run.path} @6 a_to_b" in shown and f"{run.path} @6 b_to_a" in shown
