"""What networks of videos are made of."""

import keras
import numpy as np
import pytest
from keras import layers

from gan_tf.errors import UserError
from gan_tf.networks.dcgan import DCGAN
from gan_tf.networks.resnet import ResNet
from gan_tf.networks.tgan import TGAN
from gan_tf.networks.videos import RandomFrames, fold, unfold
from gan_tf.registry import ARCHITECTURES

VIDEOS = np.random.default_rng(0).uniform(-1, 1, (3, 5, 4, 4, 2)).astype(np.float32)


def test_frames_fold_into_the_batch_and_back():
    inputs = keras.Input((5, 4, 4, 2))
    folded = fold(inputs)
    there = np.asarray(keras.Model(inputs, folded)(VIDEOS))
    np.testing.assert_array_equal(there, VIDEOS.reshape(15, 4, 4, 2))
    np.testing.assert_array_equal(keras.Model(inputs, unfold(folded, 5))(VIDEOS), VIDEOS)


@pytest.mark.parametrize("count, spaced", [(1, [2]), (2, [1, 3]), (5, [0, 1, 2, 3, 4])])
def test_random_frames_of_each_video_in_training_and_evenly_spaced_ones_in_use(count, spaced):
    layer, seen = RandomFrames(count, seed=0), set()
    for _ in range(100):
        chosen = np.asarray(layer(VIDEOS, training=True))
        matches = np.all(chosen[:, :, None] == VIDEOS[:, None], axis=(3, 4, 5))
        assert np.all(matches.sum(axis=2) == 1)
        found = matches.argmax(axis=2)
        assert all(len(set(frames)) == count for frames in found.tolist())
        seen |= {(video, frame) for video in range(3) for frame in found[video].tolist()}
    assert seen == {(video, frame) for video in range(3) for frame in range(5)}
    np.testing.assert_array_equal(layer(VIDEOS), VIDEOS[:, spaced])
    assert layer.compute_output_shape((None, 5, 4, 4, 2)) == (None, count, 4, 4, 2)
    loaded = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert (loaded.count, loaded.seed) == (count, 0)


@pytest.mark.parametrize("size, frames", [(32, 16), (64, 16), (28, 2)])
def test_kernels_are_of_space_or_of_time(size, frames):
    network = TGAN(width=4, backbone="dcgan").discriminator((frames, size, size, 1))
    convolutions = [each for each in network.layers if isinstance(each, layers.Conv2D)]
    levels = {28: 3, 32: 3, 64: 4}[size]
    assert [each.kernel_size[1] for each in convolutions] == [4, 1] * levels
    assert [each.kernel_size[0] for each in convolutions[1::2]] == (
        [4] * levels if frames == 16 else [2, 1, 1]
    )
    assert [each.filters for each in convolutions[::2]] == [4 * 2**k for k in range(levels)]
    left = max(1, frames - 3 * levels)
    width = 4 * 2 ** (levels - 1)
    assert network.get_layer("features").output.shape == (None, left * 16 * width)


def test_features_are_summed_over_positions_and_averaged_over_frames():
    maps = np.random.default_rng(0).normal(size=(2, 3, 4, 5, 6)).astype(np.float32)
    for each, axes in ((maps, (1, 2, 3)), (maps[:, 0], (1, 2))):
        network = keras.Model(x := keras.Input(each.shape[1:]), TGAN().pooled(x))
        expected = each.sum(axis=axes) / (3 if each.ndim == 5 else 1)
        np.testing.assert_allclose(network(each), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("backbone, of_frames", [("resnet", ResNet), ("dcgan", DCGAN)])
def test_frames_are_those_of_the_backbone(backbone, of_frames):
    own = TGAN(width=4, backbone=backbone, generator_norm="none").frames()
    expected = of_frames(width=4, generator_norm="none", discriminator_norm="none")
    assert type(own) is of_frames and vars(own) == vars(expected)


def test_another_backbone_is_refused():
    with pytest.raises(UserError, match="no backbone 'unet': choose resnet or dcgan"):
        TGAN(backbone="unet")


@pytest.mark.parametrize("name", ["mocogan", "tgan"])
def test_the_discriminator_sees_the_order_of_frames(name):
    keras.utils.set_random_seed(0)
    network = ARCHITECTURES.build(f"{name}(width=4)").discriminator((5, 28, 28, 1))
    for weight in network.trainable_variables:
        weight.assign_add(keras.random.normal(weight.shape, stddev=0.1))
    frames = np.random.default_rng(1).uniform(-1, 1, (1, 5, 28, 28, 1)).astype(np.float32)
    there, back = (np.asarray(network(each))[0] for each in (frames, frames[:, ::-1]))
    assert abs(there[0] - back[0]) > 1e-4


def test_the_label_modulates_the_maps_of_all_frames():
    """The same scale and shift for all frames of a video, another for another video."""
    seen = []

    def modulate(x):
        seen.append(x.shape)
        return x

    latents = keras.Input((6,))
    TGAN(width=4, backbone="dcgan").generate(latents, (3, 28, 28, 1), modulate)
    assert seen == [(None, 3, 4, 4, 16), (None, 3, 7, 7, 8), (None, 3, 14, 14, 4)]


@pytest.mark.parametrize("width", [4, 16])
def test_nothing_vanishes_in_an_untrained_discriminator(width):
    """Without normalization, kernels from N(0, 0.02) would leave a millionth of the input."""
    keras.utils.set_random_seed(0)
    network = TGAN(width=width).discriminator((16, 32, 32, 1))
    outputs = [each.output for each in network.layers if isinstance(each, layers.Conv2D)]
    videos = np.random.default_rng(0).uniform(-1, 1, (4, 16, 32, 32, 1)).astype(np.float32)
    found = [np.std(each) for each in keras.Model(network.input, outputs)(videos)]
    assert len(found) == 6 and 0.1 < min(found) < max(found) < 2
