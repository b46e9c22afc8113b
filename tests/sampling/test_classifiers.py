"""What classifiers say of images, in the classes of a run."""

import types

import keras
import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.options.config import Config
from gan_tf.sampling.classifiers import classifier


def trained(label_names, **options):
    """Stands for a `TrainedRun` on some classes of MNIST."""
    digits = types.SimpleNamespace(label_names=tuple("0123456789"))
    return types.SimpleNamespace(
        config=Config(**options).resolve(),
        sample_shape=(28, 28, 1),
        label_names=label_names,
        run=types.SimpleNamespace(path="runs/x"),
        source=lambda **changes: (None, digits),
    )


def test_the_classes_of_a_part_of_a_data_set_are_found_by_name(real_data):
    from gan_tf.data.mnist import Mnist

    batch = next(Mnist(real_data).held_out())
    labels = batch["label"]
    found, sure = classifier("auto", trained(("1", "7"), classes="1,7"))(batch["image"])
    expected = np.select([labels == 1, labels == 7], [0, 1], -1)
    assert np.mean(found == expected) > 0.98
    assert sure.min() > 0.1
    assert np.median(sure) > 0.99


def test_drawn_digits_have_a_classifier_of_their_own():
    from gan_tf.data.glyphs import draw

    pixels, labels = draw(300, seed=5)
    digits = trained(tuple("0123456789"), dataset="glyphs")
    assert np.mean(classifier("auto", digits)(pixels)[0] == labels) > 0.98


@pytest.mark.parametrize("logits", [True, False])
def test_a_file_gives_probabilities_or_logits(logits, tmp_path):
    path = tmp_path / "model.keras"
    images = keras.Input((28, 28, 1))
    flat = keras.layers.GlobalAveragePooling2D()(images)
    outputs = keras.layers.Dense(2, kernel_initializer="zeros")(flat)
    made = keras.Model(images, outputs if logits else keras.layers.Softmax()(outputs))
    made.layers[2].bias.assign(np.log([0.2, 0.8]) + 5 * logits)
    made.save(path)
    pixels = np.zeros((3, 28, 28, 1), np.uint8)
    found, sure = classifier(str(path), trained(("a", "b")))(pixels)
    assert found.tolist() == [1, 1, 1]
    np.testing.assert_allclose(sure, 0.8, atol=1e-3)
    with pytest.raises(UserError, match="has 2 outputs, but the run in 'runs/x' has 3 classes"):
        classifier(str(path), trained(("a", "b", "c")))(pixels)
