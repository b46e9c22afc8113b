"""`python -m gan_tf.evaluate`, as a user runs it."""

import json

import numpy as np
import pytest
from PIL import Image

from gan_tf import evaluate, generate
from gan_tf.errors import UserError
from gan_tf.runs import kept_scores
from gan_tf.runs.run_dir import RunDir
from gan_tf.training import loop
from tests.conftest import assert_user_error, tiny

METRICS = ("--metric", "fid(20)", "precision(20)")


@pytest.fixture(scope="module")
def folder(photos, tmp_path_factory):
    """Two runs, `a`, which was scored while it trained, and `b`."""
    folder = tmp_path_factory.mktemp("evaluate")
    loop.train(
        tiny(photos, folder / "a", evaluate_every="5steps", metric=("fid(20)",), features="pixels")
    )
    loop.train(tiny(photos, folder / "b", conditional="concat", seed=1))
    return folder


@pytest.fixture
def score(folder, tmp_path, capsys):
    """Calls the command in this process; returns what it printed."""

    def call(*arguments):
        words = [str(each) for each in arguments]
        cache = f"--cache_dir={folder / 'cache'}"
        assert evaluate.main(["evaluate", *words, cache, "--features=pixels"]) == 0
        return capsys.readouterr().out

    return call


def test_a_run(score, folder, tmp_path):
    out = tmp_path / "scores.json"
    printed = score(f"--run_dir={folder / 'a'}", f"--json={out}", *METRICS)
    lines = printed.splitlines()
    assert "a @10" in lines[0] and lines[1].startswith("fid ") and "precision" in lines[2]
    scores = json.loads(out.read_text())
    assert scores["step"] == 10 and scores["features"].startswith("pixels ")
    assert scores["metrics"].keys() == {"fid", "precision"}
    for each in scores["metrics"].values():
        assert each.keys() >= {"value", "floor", "ceiling", "n"} and each["n"] == 20


def test_the_scores_are_kept_in_the_run(score, folder, photos):
    run = RunDir(folder / "b")
    score(f"--run_dir={run.path}", *METRICS)
    score(f"--run_dir={run.path}", *METRICS, "--truncation=0.5")
    score(
        f"--run_dir={run.path}", "--metric=fid(20)", "--max_images=30"
    )  # not of the run's own data
    plain, truncated = kept_scores.read(run)
    assert (plain["step"], plain["metrics"].keys()) == (10, {"fid", "precision"})
    assert truncated["truncation"] == 0.5 and "truncation" not in plain
    assert plain["metrics"]["fid"].keys() == {"value", "floor", "ceiling", "n"}


def test_the_score_is_the_one_that_was_logged_in_training(score, folder, tmp_path):
    out = tmp_path / "scores.json"
    rows = [json.loads(line) for line in (folder / "a/metrics.jsonl").read_text().splitlines()]
    logged = {row["step"]: row["fid"] for row in rows if "fid" in row}
    best = min(logged, key=logged.get)
    for checkpoint, step in (("last", 10), ("best", best), ("5", 5)):
        score(
            f"--run_dir={folder / 'a'}", f"--checkpoint={checkpoint}", f"--json={out}", *METRICS[:2]
        )
        scores = json.loads(out.read_text())
        assert scores["step"] == step
        assert scores["metrics"]["fid"]["value"] == pytest.approx(logged[step], rel=1e-4)


def test_all_metrics_that_the_features_allow_are_the_default(score, folder):
    printed = score(f"--run_dir={folder / 'b'}", "--num_images=20")
    names = [line.split()[0] for line in printed.splitlines()[1:-2]]
    assert {"fid", "kid", "precision", "recall", "density", "coverage", "swd"} <= set(names)
    assert "mode_count" not in names


def test_a_folder_of_images(score, folder, photos, tmp_path):
    out = tmp_path / "scores.json"
    data = ["--dataset=image_folder", f"--image_dir={photos}", "--image_size=8"]
    score(f"--images={photos}", *data, f"--json={out}", *METRICS)
    scores = json.loads(out.read_text())["metrics"]
    assert scores["fid"]["value"] < scores["fid"]["ceiling"]


def test_images_and_arrays_as_generate_writes_them_score_as_their_run_does(
    score, folder, photos, tmp_path
):
    generate.main(
        [
            "generate",
            f"--run_dir={folder / 'a'}",
            "--num_images=20",
            "--format=npz",
            f"--out={tmp_path / 'fakes.npz'}",
        ]
    )
    (tmp_path / "fakes").mkdir()
    with np.load(tmp_path / "fakes.npz") as file:
        for row, image in enumerate(file["images"]):
            Image.fromarray(image).save(tmp_path / "fakes" / f"{99 - row}.png")
    data = ["--dataset=image_folder", f"--image_dir={photos}", "--image_size=8"]
    values = []
    for name in ("fakes", "fakes.npz"):
        out = tmp_path / "scores.json"
        score(f"--images={tmp_path / name}", *data, f"--json={out}", *METRICS, "kid(20)")
        values.append(json.loads(out.read_text())["metrics"])
    score(f"--run_dir={folder / 'a'}", f"--json={out}", *METRICS, "kid(20)")
    assert values[0] == values[1] == json.loads(out.read_text())["metrics"]


def test_given_images_are_cropped_as_the_real_ones(score, tmp_path):
    random = np.random.default_rng(0)
    for row in range(20):
        pixels = random.integers(0, 256, (16, 8, 3), np.uint8)
        for name, picture in (("tall", pixels), ("top", pixels[:8])):
            (tmp_path / name).mkdir(exist_ok=True)
            Image.fromarray(picture).save(tmp_path / name / f"{row}.png")
    data = ["--dataset=image_folder", f"--image_dir={tmp_path / 'tall'}", "--image_size=8"]
    values = []
    for name in ("tall", "top"):
        out = tmp_path / "scores.json"
        score(f"--images={tmp_path / name}", *data, "--crop=top", f"--json={out}", *METRICS)
        values.append(json.loads(out.read_text())["metrics"])
    assert values[0] == values[1]


def test_too_few_images_are_refused_with_the_names_of_the_metrics(score, photos, tmp_path):
    np.savez(tmp_path / "few.npz", images=np.zeros((5, 8, 8, 3), np.uint8))
    data = ["--dataset=image_folder", f"--image_dir={photos}", "--image_size=8"]
    words = r"few\.npz' \(--images\) has 5 images, too few .*coverage needs 6"
    with pytest.raises(UserError, match=words):
        score(f"--images={tmp_path / 'few.npz'}", *data)
    with pytest.raises(UserError, match="The metric 'density': 3 images are too few"):
        score(f"--images={tmp_path / 'few.npz'}", *data, "--metric=density", "--num_images=3")


def test_runs_side_by_side_with_a_plot(score, folder, tmp_path):
    plot, out = tmp_path / "plot.png", tmp_path / "scores.json"
    runs = [folder / "a", folder / "b"]
    printed = score("--compare", *runs, *METRICS, f"--plot={plot}", f"--json={out}")
    assert len(printed.splitlines()[1].split()) == 1 + 2 + 4  # a column a run
    assert [each["name"] for each in json.loads(out.read_text())["runs"]] == list(map(str, runs))
    with Image.open(plot) as picture:
        assert picture.width > 400 and len(np.unique(np.asarray(picture.convert("L")))) > 10


def test_the_memorization_check(score, folder, tmp_path):
    picture = tmp_path / "nearest.png"
    printed = score(f"--run_dir={folder / 'a'}", f"--memorization={picture}", "--num_images=50")
    assert "Of 50 fakes" in printed and "without a test split" in printed
    with Image.open(picture) as sheet:
        assert sheet.size == (10 * 10 - 2, 8 * 10 - 2)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ([], "one of --run_dir"),
        (["--run_dir={a}", "--images=x"], "one of --run_dir"),
        (["--images={a}"], "--images needs --dataset"),
        (
            ["--images={a}/x", "--dataset=mnist"],
            "There is no file or folder '.*/x': correct --images",
        ),
        (["--run_dir={a}", "--plot=x.png"], "--plot goes with --compare"),
        (["--compare", "{a}", "--memorization=x.png"], "goes with --run_dir or --images"),
        (["--run_dir={a}", "--checkpoint=7"], "no checkpoint '7'.* 5, 10"),
        (["--run_dir={b}", "--checkpoint=best"], "trained without scores"),
        (["--run_dir={a}", "--metric=fidd"], "Unknown metric 'fidd'.*did you mean 'fid'"),
        (["--run_dir={a}", "--metric=mode_count"], "needs the classes"),
        (["--run_dir={a}/x"], "is not a run directory"),
        (["--compare", "{b}", "--plot=x.png"], "nothing to plot"),
    ],
)
def test_refuses_in_one_sentence(score, folder, arguments, message):
    filled = [each.format(a=folder / "a", b=folder / "b") for each in arguments]
    with pytest.raises(UserError, match=message):
        score(*filled, *([] if "--metric" in " ".join(filled) else ["--metric=fid(20)"]))


def test_the_real_images_may_have_moved(score, folder, photos, tmp_path):
    config = tiny(photos, tmp_path / "moved")
    loop.train(config)
    flags_file = RunDir(tmp_path / "moved").flags
    flags_file.write_text(flags_file.read_text().replace(str(photos), "/gone"))
    with pytest.raises(UserError, match="There is no directory '/gone'"):
        score(f"--run_dir={tmp_path / 'moved'}", *METRICS)
    score(f"--run_dir={tmp_path / 'moved'}", f"--image_dir={photos}", *METRICS)


def test_other_real_images_are_told(score, folder, photos, tmp_path):
    rng = np.random.default_rng(1)
    for path in photos.rglob("*.png"):
        other = tmp_path / "others" / path.relative_to(photos)
        other.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 256, (40, 50, 3), np.uint8)).save(other)
    arguments = (f"--run_dir={folder / 'a'}", "--metric=fid(20)")
    told = "The real images are not those that"
    assert told not in score(*arguments)
    assert told in score(*arguments, f"--image_dir={tmp_path / 'others'}")


def test_the_command(command, folder):
    result = command("evaluate", "--help")
    assert result.returncode == 0 and "--compare runs/a runs/b" in result.stdout
    assert_user_error(command("evaluate", f"--run_dir={folder}"), "is not a run directory")
