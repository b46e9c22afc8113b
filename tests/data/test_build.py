"""The data set that the flags of a run describe."""

import dataclasses
import os
import zipfile

import numpy as np
import pytest

from gan_tf.data.build import build
from gan_tf.data.subset import Subset
from gan_tf.errors import UserError
from tests.conftest import tiny


def test_it_is_the_whole_or_the_part_that_is_chosen(photos, tmp_path):
    whole = build(tiny(photos, tmp_path))
    assert not isinstance(whole, Subset)
    assert (whole.num_examples, tuple(whole.label_names)) == (40, ("a", "b"))
    part = build(tiny(photos, tmp_path, classes="b", max_images=7))
    assert isinstance(part, Subset) and tuple(part.label_names) == ("b",)
    assert sum(len(each["label"]) for each in part.batches()) == 7


def test_a_run_s_order_of_classes_is_kept(photos, tmp_path):
    swapped = build(tiny(photos, tmp_path), ["b", "a"])
    assert tuple(swapped.label_names) == ("b", "a")
    labels = [each["label"].tolist() for each in build(tiny(photos, tmp_path)).batches()]
    assert [each["label"].tolist() for each in swapped.batches()] == [
        [1 - label for label in batch] for batch in labels
    ]


@pytest.mark.slow
def test_domains_are_two_classes_two_data_sets_or_the_sides_of_pairs(photos, glyphs_dir, tmp_path):
    both = tiny(photos, tmp_path, gan="cyclegan", arch="unet", latent_dim=100, domains="b,a")
    domains = build(both)
    assert [next(part.batches())["image"].shape[0] for part in domains._both] == [19, 19]
    assert [part.label_names for part in domains._both] == [("b",), ("a",)]
    with pytest.raises(UserError, match="--domains=c: 'image_folder' has no class 'c'"):
        build(dataclasses.replace(both, domains="a,c"))
    classifying = dict(gan="cyclegan(category=1)", discriminator="zi2zi")
    other = dict(dataset="glyphs", to_dataset="image_folder", data_dir=str(glyphs_dir))
    with pytest.raises(UserError, match=r"same classes in both domains, .* or leave out category"):
        build(dataclasses.replace(both, domains=None, **classifying, **other))
    edges = build(dataclasses.replace(both, domains=None, pair_by="edges", **classifying))
    assert edges.shared_classes == ("a", "b")
    domains = build(dataclasses.replace(both, domains=None, max_images=7, **other))
    assert domains.name == "glyphs and image_folder" and domains.sample_shape == (8, 8, 3)
    assert [sum(len(each["image"]) for each in part.batches()) for part in domains._both] == [7, 7]
    edges = build(dataclasses.replace(both, domains=None, pair_by="edges"))
    data = [next(part.batches())["image"] for part in edges._both]
    assert data[0].shape == data[1].shape == (38, 8, 8, 3)
    assert np.ptp(data[0], axis=-1).max() == 0 < np.ptp(data[1], axis=-1).mean()


@pytest.mark.parametrize(
    "name, words", [("a\nb", "line break"), (os.fsdecode(b"\xff"), "is not UTF-8")]
)
def test_names_of_classes_that_files_cannot_hold_are_refused(photos, tmp_path, name, words):
    (tmp_path / "data" / name).mkdir(parents=True)
    (tmp_path / "data" / name / "x.png").write_bytes(next(photos.rglob("*.png")).read_bytes())
    with pytest.raises(UserError, match=rf"The class .* {words}.*: rename it"):
        build(tiny(tmp_path / "data", tmp_path / "run"))


def test_names_of_classes_beyond_any_use_are_refused(photos, tmp_path):
    name = "a" * 1001
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        for folder in (name, "b"):
            archive.write(next(photos.rglob("*.png")), f"{folder}/x.png")
    with pytest.raises(UserError, match=r"The class 'a{100}' of .* is longer than 1,000 letters"):
        build(tiny(tmp_path / "data.zip", tmp_path / "run"))
