"""Which classifier comes with a data set, or with a discriminator."""

import pytest

from gan_tf.errors import UserError
from gan_tf.options.config import Config
from gan_tf.sampling import own_classifier


@pytest.mark.parametrize(
    "options, spec",
    [
        (dict(dataset="mnist"), "mnist_classifier"),
        (dict(dataset="mnist", features="pixels"), "mnist_classifier"),
        (dict(dataset="glyphs"), "glyph_classifier"),
        (dict(dataset="fashion_mnist"), None),
        (dict(dataset="celeb_a"), None),
    ],
)
def test_the_classifier_of_a_data_set(options, spec):
    assert own_classifier.find(Config(**options).resolve()) == spec


def test_a_discriminator_can_be_the_classifier():
    own_classifier.check(Config(dataset="fashion_mnist", conditional="acgan").resolve())
    own_classifier.check(Config(dataset="fashion_mnist", semi_supervised=100).resolve())
    for options in ({}, {"conditional": "projection"}):
        with pytest.raises(
            UserError, match="No classifier is known for the data set 'fashion_mnist'"
        ):
            own_classifier.check(Config(dataset="fashion_mnist", **options).resolve())
