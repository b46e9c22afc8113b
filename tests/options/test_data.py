"""Which data are meant."""

import dataclasses

import pytest

from gan_tf.options.config import Config


@pytest.mark.parametrize(
    "change",
    [
        {"dataset": "kmnist"},
        {"data_dir": "elsewhere"},
        {"image_size": 32},
        {"classes": "1"},
        {"max_images": 7},
        {"label": "Smiling"},
    ],
)
def test_other_examples_have_another_key(change):
    assert dataclasses.replace(Config(), **change).examples_key() != Config().examples_key()


@pytest.mark.parametrize(
    "change", [{"flip": True}, {"cache_mb": 3}, {"cache_dir": "there"}, {"seed": 1}, {"epochs": 2}]
)
def test_the_same_examples_have_the_same_key(change):
    assert dataclasses.replace(Config(), **change).examples_key() == Config().examples_key()
