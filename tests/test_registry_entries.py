"""The registries as help and flag errors see them, without TensorFlow."""

import pytest

from gan_tf import registry
from gan_tf.registry import ARCHITECTURES, DATASETS, LOSSES, OPTIMIZERS, Registry

ALL = [each for each in vars(registry).values() if isinstance(each, Registry)]


def test_the_entries():
    sets = {"celeb_a", "cifar10", "fashion_mnist", "glyphs", "image_folder", "kmnist", "mnist"}
    assert sets <= set(DATASETS.names())
    assert {"dcgan", "mlp"} <= set(ARCHITECTURES.names())
    assert {"minimax", "non_saturating"} <= set(LOSSES.names())
    assert {"adam", "rmsprop", "sgd"} <= set(OPTIMIZERS.names())


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.kind)
def test_every_entry_has_a_summary_of_one_sentence(each):
    for entry in each.entries.values():
        assert entry.summary.endswith("."), entry
        assert 10 < len(entry.summary) < 100, entry


@pytest.mark.parametrize(
    "name, size, channels",
    [("mnist", 28, 1), ("cifar10", 32, 3), ("celeb_a", 64, 3), ("image_folder", 64, None)],
)
def test_what_flags_need_to_know_of_a_data_set(name, size, channels):
    attributes = DATASETS.entry(name).attributes
    assert (attributes["default_image_size"], attributes["channels"]) == (size, channels)


def test_every_data_set_and_architecture_says_its_sizes():
    for entry in DATASETS.entries.values():
        if entry.attributes.get("modality", "image") != "image":
            continue
        assert {"default_image_size", "channels"} <= entry.attributes.keys(), entry
    for entry in ARCHITECTURES.entries.values():
        assert "image_sizes" in entry.attributes, entry
