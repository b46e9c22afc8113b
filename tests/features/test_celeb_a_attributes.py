"""The network of attributes, on faces."""

import pytest

from gan_tf.data.celeb_a import CelebA
from gan_tf.data.examples import collect
from gan_tf.features.celeb_a_attributes import CelebAAttributes
from gan_tf.features.extractor import scale


def test_sees_attributes(real_data):
    try:
        faces = CelebA(real_data)
        arrays = collect(faces.held_out())
    except Exception as error:  # some have MNIST alone
        pytest.skip(f"no CelebA: {error}")
    pixels, labels = arrays["image"], arrays["label"]
    extract = CelebAAttributes()
    features, probabilities = extract(pixels)
    assert features.shape == (len(pixels), 64) and probabilities is None
    _, logits = extract.model(scale(pixels), training=False)
    right = (logits.numpy() > 0) == labels
    assert right.mean() > 0.86
    for name, least in (("Male", 0.9), ("Eyeglasses", 0.95), ("Smiling", 0.8)):
        assert right[:, faces.label_names.index(name)].mean() > least, name
