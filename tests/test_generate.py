"""`python -m gan_tf.generate` on a run directory, as a user runs it."""

import dataclasses
import json

import numpy as np
import pytest
from PIL import Image

from gan_tf import latents
from gan_tf.errors import UserError
from gan_tf.features.mnist_classifier import MnistClassifier
from gan_tf.generate import Options, generate, main
from gan_tf.runs.run_dir import RunDir
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.sampling import traversals
from gan_tf.sampling.request import _name
from gan_tf.training import loop
from tests.conftest import assert_user_error, tiny, untrained


@pytest.fixture(scope="module")
def run(photos, tmp_path_factory):
    config = tiny(photos, tmp_path_factory.mktemp("generate") / "run", epochs=1)
    loop.train(config)
    return RunDir(config.run_dir)


@pytest.fixture(scope="module")
def conditional(photos, tmp_path_factory):
    folder = tmp_path_factory.mktemp("conditional") / "run"
    return untrained(tiny(photos, folder, conditional="projection"))


@pytest.fixture(scope="module")
def digits(photos, tmp_path_factory):
    """A run whose images a classifier of digits looks at."""
    folder = tmp_path_factory.mktemp("digits") / "run"
    options = dict(image_size=28, color_mode="grayscale", features="mnist_classifier")
    return untrained(tiny(photos, folder, **options))


def write(run, **changes):
    return generate(dataclasses.replace(Options(run_dir=(str(run.path),)), **changes))


def pixels(run, **changes):
    """What the same options write into an archive."""
    out = run.path / "pixels.npz"
    with np.load(write(run, format="npz", out=str(out), **changes)) as archive:
        return archive["images"]


def test_a_grid(run):
    with Image.open(write(run, num_images=9)) as picture:
        assert picture.size == (28, 28)  # 3 x 3 images of 8, 2 apart
        told = json.loads(picture.text["Comment"])
    assert (run.generated / "seed0.png").is_file()
    expected = {"run": "run", "checkpoint": 5, "images": 9, "seed": 0}
    assert {name: told[name] for name in expected} == expected


def test_a_file_for_each_image(run, tmp_path):
    folder = write(run, format="png", num_images=3, seed=4, out=str(tmp_path / "out"))
    names = [f"seed4-{number:06d}.png" for number in range(3)]
    assert sorted(each.name for each in folder.iterdir()) == names


@pytest.mark.parametrize("form", ["png", "npz", "tfrecord", "grid"])
def test_files_do_not_depend_on_the_batch_size(run, tmp_path, form):
    written = []
    for size in (1, 7, 1000):
        out = write(
            run, format=form, num_images=230, batch_size=size, out=str(tmp_path / str(size))
        )
        files = sorted(out.iterdir()) if form == "png" else [out]
        written.append([each.read_bytes() for each in files])
    if form == "npz":  # whose members say when they were written
        written = [[np.load(tmp_path / str(size))["images"].tobytes()] for size in (1, 7, 1000)]
    assert written[0] == written[1] == written[2]


def test_the_formats_hold_the_same_images(run, tmp_path):
    folder = write(run, format="png", num_images=2, out=str(tmp_path / "x"))
    for image, file in zip(pixels(run, num_images=2), sorted(folder.iterdir())):
        np.testing.assert_array_equal(np.asarray(Image.open(file)), image)


def test_seeds_are_the_first_images_of_each(run):
    made = pixels(run, seeds="3,7-8")
    for image, seed in zip(made, (3, 7, 8)):
        np.testing.assert_array_equal(image, pixels(run, seed=seed, num_images=1)[0])


def test_samples_are_those_of_the_final_snapshot(run):
    """Snapshots are drawn with the training seed, and so is seed 0 here."""
    generated = write(run, num_images=64)
    newest = max(run.samples.glob("step-*.png"))
    pair = [np.asarray(Image.open(file)).astype(int) for file in (generated, newest)]
    assert np.abs(pair[0] - pair[1]).max() <= 1


@pytest.mark.parametrize("way", ["slerp", "lerp"])
def test_an_interpolation_passes_through_its_seeds(run, way):
    made = pixels(run, interpolate=way, seeds="3,7,9", frames=4)
    assert len(made) == 9
    np.testing.assert_array_equal(made[::4], pixels(run, seeds="3,7,9"))
    trained = TrainedRun(run)
    start, end = latents.draw([3, 7], [0, 0], 5)
    half = getattr(latents, way)(start, end, [0.5])
    np.testing.assert_array_equal(made[2], trained.samples(half)[0])


def test_a_walk_is_closed_and_passes_through_the_images_of_its_seed(run):
    made = pixels(run, walk=3, frames=40, seed=2).astype(int)
    assert len(made) == 120
    assert np.abs(made[::40] - pixels(run, seed=2, num_images=3)).max() <= 1
    assert np.abs(made[0] - made[-1]).max() <= 2 * np.abs(np.diff(made, axis=0)).max()
    with Image.open(write(run, walk=3, frames=4)) as animation:
        durations = []  # Pillow makes one of frames that are the same
        for frame in range(animation.n_frames):
            animation.seek(frame)
            animation.load()
            durations.append(animation.info["duration"])
    assert (animation.format, sum(durations)) == ("WEBP", 600)  # 12 of 50 ms


def test_a_sweep_is_a_row_a_latent_a_column_a_class(conditional):
    made = pixels(conditional, sweep=3)
    for column, label in enumerate("ab"):
        np.testing.assert_array_equal(
            made[column::2], pixels(conditional, num_images=3, label=label)
        )
    with Image.open(write(conditional, sweep=3)) as picture:
        assert picture.size == (18, 28)


def test_a_sweep_of_infogan_is_a_column_a_code(photos, tmp_path):
    run = untrained(tiny(photos, tmp_path / "run", trick=("infogan(3, 1)",)))
    made = pixels(run, sweep=2)
    plain = latents.draw(0, [0, 1], 5)
    trained = TrainedRun(run)
    assert len(made) == 6
    for column in range(3):
        chosen = latents.with_code(plain, [column, column], 3)
        np.testing.assert_array_equal(made[column::3], trained.samples(chosen))


def test_a_path_keeps_to_one_class(conditional):
    out = write(conditional, walk=2, frames=5, format="npz", out=str(conditional.path / "x.npz"))
    with np.load(out) as archive:
        assert len(set(archive["label"].tolist())) == 1


def test_arithmetic_moves_towards_what_has_the_labels(digits, monkeypatch, capsys):
    """A classifier that says "1" where the first latent is above 0, "7" where the second is."""
    trained = TrainedRun(digits)
    drawn = []

    def images(normal, labels=None, batch_size=100):
        drawn.append(normal)
        return np.zeros((len(normal), 28, 28, 1), np.uint8)

    def labels(self, images):
        found = np.zeros((len(images), 10), bool)
        found[:, [1, 7]] = drawn[-1][:, :2] > 0
        return found

    monkeypatch.setattr("gan_tf.sampling.ensemble.TrainedRun", lambda *_: trained)
    monkeypatch.setattr(trained, "samples", images)
    monkeypatch.setattr(MnistClassifier, "labels", labels)
    write(digits, arithmetic="1 - 7", num_images=6)
    rows = drawn[-1].reshape(6, 4, 5)
    normal = latents.draw(0, range(6), 5)
    np.testing.assert_array_equal(rows[:, 0], normal)
    lengths = np.linalg.norm(rows, axis=2)
    np.testing.assert_allclose(lengths, lengths[:, :1].repeat(4, 1), rtol=1e-5)
    toward = np.array([1, -1, 0, 0, 0]) / np.sqrt(2)
    cosines = [each @ toward / np.linalg.norm(each, axis=1) for each in (normal, rows[:, 3])]
    assert (cosines[1] > cosines[0]).all()
    said = capsys.readouterr().out
    assert "+ 1: " in said and "- 7: " in said
    before, *_, after = (
        int(each.strip(" %")) for each in said.split("+ 1:")[1].split("\n")[0].split(",")
    )
    assert before == pytest.approx(50, abs=10) and after > 75


def test_the_classifier_has_a_label_for_each_digit():
    found = MnistClassifier().labels(
        np.random.default_rng(0).integers(0, 256, (9, 28, 28, 1), np.uint8)
    )
    assert (found.shape, found.dtype) == ((9, 10), bool)
    assert (found.sum(1) == 1).all()


def test_an_ensemble_says_which_run_made_each_image(run, photos, tmp_path):
    other = untrained(tiny(photos, tmp_path / "other", latent_dim=3))
    options = Options(run_dir=(f"{run.path},{other.path}",), weights="1,1", num_images=12)
    out = generate(dataclasses.replace(options, format="png", out=str(tmp_path / "out")))
    names = {json.loads(Image.open(each).text["Comment"])["run"] for each in out.iterdir()}
    assert names == {"run", "other"}


@pytest.mark.parametrize(
    "changes, name",
    [
        (dict(), "seed0"),
        (dict(label="a b/c"), "seed0-labela_b_c"),
        (dict(reject="drs(percentile=50)"), "seed0-reject-drs_percentile_50"),
        (dict(truncation=0.5, seed=3), "seed3-truncation0.5"),
        (dict(seeds="3,5-7"), "seeds3,5-7"),
        (dict(interpolate="slerp", seeds="1,2"), "slerp-seeds1,2"),
    ],
)
def test_names_say_what_distinguishes_images(run, changes, name):
    options = Options(run_dir=(str(run.path),), **changes)
    bare = dataclasses.replace(options, reject=None)
    assert _name(options, traversals.choose(bare, [run]), [run]) == name


@pytest.mark.slow
def test_the_command_needs_nothing_but_the_run_directory(run, command, tmp_path):
    result = command("generate", f"--run_dir={run.path}", "--num_images=4", "--out=grid.png")
    assert result.returncode == 0, result.stderr
    assert "grid.png" in result.stdout
    with Image.open(tmp_path / "grid.png") as picture:
        assert picture.size == (18, 18)


def test_a_bad_flag_of_the_command_is_one_sentence(command):
    assert_user_error(command("generate", "--run_dir=.", "--format=gird"), "did you mean 'grid'")


@pytest.mark.parametrize(
    "arguments, words",
    [
        ((), "--run_dir"),
        (("--run_dir=nothing-here",), "is not a run directory"),
        (("--num_images=0",), "it must be 1 or more"),
        (("--truncation=0",), "it must be from 0.01 to 10"),
        (("--seeds=3-",), "give numbers and ranges"),
        (("--seeds=3", "--num_images=4"), "leave it out"),
        (("--interpolate=slerp",), "needs two or more seeds"),
        (("--interpolate=slerp", "--seeds=3"), "is a single seed"),
        (("--interpolate=cubic", "--seeds=3,4"), "no such choice"),
        (("--walk=3", "--interpolate=slerp", "--seeds=3,4"), "exclude each other"),
        (("--walk=3", "--seeds=3,4"), "leave --seeds out"),
        (("--walk=3", "--num_images=4"), "leave it out"),
        (("--walk=3", "--reject=drs"), "works with plain samples"),
        (("--sweep=3",), "not conditional"),
        (("--label=a",), "not conditional"),
        (("--arithmetic=a - b",), "needs features that recognize"),
        (("--reject=drss",), "did you mean 'drs'"),
        (("--weights=1,2",), "one number of 0 or more for each of the 1 runs"),
        (("--weights=x",), "one number of 0 or more for each"),
        (("--num_images=1000000",), "pixels: give"),
        (("--walk=1000", "--frames=10000"), "would not fit in memory"),
        (("--checkpoint=77",), "of these steps: 5"),
    ],
)
def test_bad_flags_are_one_sentence(run, arguments, words):
    known = [f"--run_dir={run.path}"] * (bool(arguments) and "run_dir" not in arguments[0])
    with pytest.raises(UserError, match=words):
        main(["", *known, *arguments])


@pytest.mark.parametrize("text", ["", "1 -", "+ + 1", "1 - 10", "one"])
def test_senseless_arithmetic_is_refused(digits, text):
    with pytest.raises(UserError, match="--arithmetic="):
        write(digits, arithmetic=text)


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


@pytest.mark.parametrize("form", ["grid", "npz", "png", "mp4"])
def test_a_place_that_cannot_be_written_says_so(run, tmp_path, form):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UserError, match="cannot be written"):
        write(run, format=form, out=str(tmp_path / "file" / "x"))


def test_sequences_are_steered_and_say_so(policy_run, tmp_path):
    options = Options(run_dir=(policy_run,), num_images=7, format="npz", prompt="many old")
    out = tmp_path / "made.npz"
    options = dataclasses.replace(options, out=str(out), temperature=0.5)
    with np.load(generate(options)) as archive:
        rows, told = archive["sequences"], json.loads(str(archive["metadata"]))
    assert all(text.startswith("many old ") for text in RunDir(policy_run).modality().texts(rows))
    assert (told["temperature"], told["prompt"], told["sequences"]) == (0.5, "many old", 7)
    other = dataclasses.replace(options, out=None, no_metadata=True)
    assert generate(other).name == "seed0-temperature0.5-prompt_many_old.npz"
