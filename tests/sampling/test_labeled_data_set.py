"""Which generated images are kept, by hand; and data sets of a tiny run."""

import json

import keras
import numpy as np
import pytest
import tensorflow_datasets as tfds

from gan_tf.augment import main
from gan_tf.data import pipeline
from gan_tf.data.image_folder import ImageFolder
from gan_tf.errors import UserError
from gan_tf.sampling import labeled_data_set
from gan_tf.sampling.labeled_data_set import Tally, quotas, select
from gan_tf.training import loop
from tests.conftest import tiny


@pytest.mark.parametrize(
    "count, balance, expected",
    [
        (10, False, [5, 3, 2]),
        (10, True, [4, 3, 3]),
        (1, False, [1, 0, 0]),
        (7, False, [4, 2, 1]),  # of 3.5, 2.1 and 1.4
        (2, True, [1, 1, 0]),
    ],
)
def test_quotas(count, balance, expected):
    assert quotas(count, [50, 30, 20], balance).tolist() == expected


def stream(labels, size=4):
    """Images that are all their own number, endlessly, with these labels in turn."""
    labels = np.array(labels)
    number = 0
    while True:
        numbers = np.arange(number, number + size)
        pixels = np.tile(numbers.astype(np.uint8)[:, None, None, None], (1, 2, 2, 1))
        yield pixels, labels[numbers % len(labels)]
        number += size


def kept(*arguments, **options):
    found = list(select(*arguments, **options))
    numbers = np.concatenate([pixels[:, 0, 0, 0] for pixels, _ in found])
    return numbers.tolist(), np.concatenate([labels for _, labels in found]).tolist()


def test_images_are_taken_until_the_classes_are_complete():
    tally = Tally()
    numbers, labels = kept(stream([0, 0, 0, 1]), [3, 2], tally=tally)
    assert numbers == [0, 1, 2, 3, 7]
    assert labels == [0, 0, 0, 1, 1]
    assert tally == Tally(surplus=3)


def test_a_classifier_must_agree_and_be_sure():
    def classify(pixels):
        numbers = pixels[:, 0, 0, 0]
        # 0 and 1 are taken for what they are; 2 for 1, 3 for no class of the run; 4 is unsure.
        seen = {2: 1, 3: -1}
        sure = np.where(numbers == 4, 0.5, 0.95)
        return np.array([seen.get(each, each % 2) for each in numbers]), sure

    tally = Tally()
    numbers, _ = kept(stream([0, 1]), [2, 2], classify=classify, tally=tally)
    assert numbers == [0, 1, 5, 6]
    assert tally == Tally(other_class=2, unsure=1, surplus=1)
    assert tally.sentence(4) == (
        "4 of 0 generated images; discarded: 2 classified as another class; "
        "1 classified with low confidence; 1 of classes already complete."
    )


def test_a_classifier_labels_what_has_no_label():
    def classify(pixels):
        return pixels[:, 0, 0, 0].astype(int) % 3 - 1, np.full(len(pixels), 0.9)

    unlabeled = ((pixels, None) for pixels, _ in stream([0]))
    assert kept(unlabeled, [1, 2], classify=classify) == ([1, 2, 5], [0, 1, 1])


def test_what_cannot_be_had_is_given_up(monkeypatch):
    monkeypatch.setattr(labeled_data_set, "_MAX_MISSES", 40)
    with pytest.raises(UserError, match=r"None of 40 images in a row.* 1 classes are incomplete"):
        kept(stream([0, 1]), [3, 3, 1])


@pytest.fixture(scope="module")
def runs(photos, tmp_path_factory):
    """A conditional run and another of the same data."""
    folder = tmp_path_factory.mktemp("augment")
    loop.train(tiny(photos, folder / "conditional", conditional="acgan", steps=2))
    loop.train(tiny(photos, folder / "plain", steps=2))
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A classifier that finds every image to be of the first class, with a probability of 0.73."""
    images = keras.Input((8, 8, 3))
    logits = keras.layers.Dense(2, kernel_initializer="zeros")(keras.layers.Flatten()(images))
    made = keras.Model(images, logits)
    made.layers[-1].bias.assign([1.0, 0.0])
    path = tmp_path_factory.mktemp("classifier") / "model.keras"
    made.save(path)
    return path


@pytest.mark.slow
def test_a_folder_is_a_data_set_again(runs, tmp_path, capsys):
    out = tmp_path / "new" / "fakes"
    command = ["", f"--run_dir={runs}/conditional", f"--out={out}", "--num_images=31"]
    assert main([*command, "--balance", "--seed=3"]) == 0
    assert "31 of 100 generated images; discarded: 69 of classes" in capsys.readouterr().out
    images = pipeline.load(ImageFolder(str(out), 8))
    assert np.bincount(images.labels).tolist() == [16, 15]
    assert images.label_names == ("a", "b")
    others = keras.utils.image_dataset_from_directory(
        out, batch_size=31, shuffle=False, verbose=False
    )
    assert others.class_names == ["a", "b"]
    assert np.bincount(next(iter(others))[1]).tolist() == [16, 15]
    about = json.loads((out / "about.json").read_text())
    assert about["images"] == {"a": 16, "b": 15}
    assert [each.name for each in out.parent.iterdir()] == ["fakes"]
    with pytest.raises(UserError, match="already exists"):
        main(command)


@pytest.mark.slow
def test_records_are_read_by_tensorflow_datasets(runs, tmp_path):
    outs = [tmp_path / "folder", tmp_path / "records"]
    for out, kind in zip(outs, ("folder", "tfrecord")):
        main(
            [
                "",
                f"--run_dir={runs}/conditional",
                f"--out={out}",
                "--num_images=12",
                f"--format={kind}",
            ]
        )
    builder = tfds.builder_from_directory(outs[1])
    assert builder.info.splits["train"].num_examples == 12
    assert builder.info.features["label"].names == ["a", "b"]
    examples = list(tfds.as_numpy(builder.as_dataset("train")))
    same = pipeline.load(ImageFolder(str(outs[0]), 8))
    assert {(each["image"].tobytes(), int(each["label"])) for each in examples} == {
        (image.tobytes(), label) for image, label in zip(same.samples, same.labels)
    }


def test_an_unconditional_run_is_labeled_by_a_classifier(runs, model, tmp_path, monkeypatch):
    monkeypatch.setattr(labeled_data_set, "_MAX_MISSES", 300)
    command = ["", f"--run_dir={runs}/plain", f"--classifier={model}", "--num_images=4"]
    with pytest.raises(UserError, match="None of 300 images"):
        main([*command, f"--out={tmp_path}/x"])  # at a confidence of 0.9
    with pytest.raises(UserError, match="1 classes are incomplete"):
        main([*command, f"--out={tmp_path}/x", "--confidence=0.7"])
    assert not list(tmp_path.iterdir())


def test_a_discriminator_that_tells_classes_apart_is_a_classifier(runs, tmp_path):
    out = tmp_path / "fakes"
    command = ["", f"--run_dir={runs}/conditional", f"--out={out}", "--num_images=5"]
    main([*command, "--classifier=auto", "--confidence=0"])
    thrown = json.loads((out / "about.json").read_text())["thrown_away"]
    assert thrown["unsure"] == 0
    assert sum(thrown.values()) == 95


def test_rejection_counts(runs, tmp_path, capsys):
    out = f"--out={tmp_path}/fakes"
    main(["", f"--run_dir={runs}/conditional", out, "--num_images=9", "--reject=threshold(0.3)"])
    about = json.loads((tmp_path / "fakes" / "about.json").read_text())
    said = capsys.readouterr().out
    assert about["reject"] == "threshold(0.3)"
    rejected = about["thrown_away"]["rejected"]
    assert (f"{rejected:,} rejected by the discriminator" in said) == bool(rejected)
