"""MoCoGAN: content and motion, two discriminators in one network."""

import keras
import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.networks.mocogan import MoCoGAN

CONTENT, MOTION, FRAMES = 6, 3, 5
SHAPE = (FRAMES, 28, 28, 1)


@pytest.fixture(scope="module")
def generator():
    keras.utils.set_random_seed(0)
    made = built(FRAMES)
    for weight in made.trainable_variables:
        weight.assign_add(keras.random.normal(weight.shape, stddev=0.1))
    return made


def built(frames):
    architecture = MoCoGAN(width=4, motion=MOTION)
    shape = (frames, *SHAPE[1:])
    return architecture.generator(shape, architecture.latent_length(CONTENT, shape))


def draw(count, frames=FRAMES):
    length = CONTENT + MOTION * (frames + 1)
    return np.random.default_rng(0).standard_normal((count, length)).astype(np.float32)


def differs(one, other):
    """Which frames of the first two videos are not the same."""
    return np.abs(np.asarray(one) - np.asarray(other)).max(axis=(1, 2, 3)) > 1e-4


def test_content_changes_all_frames_and_noise_those_from_its_own_on(generator):
    latents = draw(1)
    plain = generator(latents)[0]

    def changed(*columns):
        moved = latents.copy()
        moved[:, columns] += 1
        return differs(plain, generator(moved)[0]).tolist()

    assert changed(0) == [True] * 5  # content
    assert changed(CONTENT) == [True] * 5  # the first state
    assert changed(CONTENT + MOTION) == [True] * 5  # the noise of the first frame
    assert changed(CONTENT + 3 * MOTION) == [False, False, True, True, True]


@pytest.mark.parametrize("frames", [FRAMES + 4, 65])  # the longer one is not unrolled
def test_a_longer_video_begins_with_the_same_frames(generator, frames):
    longer = built(frames)
    longer.set_weights(generator.get_weights())
    latents = draw(2, frames)
    videos = np.asarray(longer(latents))
    assert videos.shape == (2, frames, 28, 28, 1)
    first = generator(latents[:, : CONTENT + MOTION * (FRAMES + 1)])
    np.testing.assert_allclose(videos[:, :FRAMES], first, atol=1e-5)
    assert differs(videos[0, 4:8], videos[0, 5:9]).all()


def test_each_logit_is_of_its_own_discriminator():
    keras.utils.set_random_seed(0)
    network = MoCoGAN(width=4).discriminator(SHAPE)
    for weight in network.trainable_variables:
        weight.assign_add(keras.random.normal(weight.shape, stddev=0.3))
    random = np.random.default_rng(0)
    videos = random.uniform(-1, 1, (1, *SHAPE)).astype(np.float32)
    other = videos.copy()
    other[:, [0, 1, 3, 4]] = random.uniform(-1, 1, (1, 4, *SHAPE[1:]))
    of_video, of_frame = (np.asarray(network(videos)) - np.asarray(network(other)))[0]
    assert abs(of_video) > 1e-3 and of_frame == 0  # it sees the middle frame
    assert network.output_shape == (None, 2)


@pytest.mark.parametrize("backbone", ["resnet", "dcgan"])
def test_the_game_of_images_is_that_of_the_backbone(backbone):
    """The part that sees frames has the layers of the backbone's discriminator."""
    architecture = MoCoGAN(width=4, discriminator_norm="none", backbone=backbone)
    both = architecture.discriminator(SHAPE).count_params()
    images = architecture.frames().discriminator(SHAPE[1:]).count_params()
    videos = both - images
    temporal = 2 * 4 * (4**2 + 8**2) + 16**2  # kernels of 4, 2 and 1 frames
    assert 0 < temporal < videos


@pytest.mark.parametrize("backbone", ["resnet", "dcgan"])
def test_the_logit_of_more_frames_is_their_mean(backbone):
    options = {"width": 4, "backbone": backbone}
    keras.utils.set_random_seed(0)
    one = MoCoGAN(**options).discriminator(SHAPE)
    more = MoCoGAN(image_frames=9, **options).discriminator(SHAPE)  # all five
    more.set_weights(one.get_weights())
    videos = np.random.default_rng(0).uniform(-1, 1, (2, *SHAPE)).astype(np.float32)
    of_frames = np.stack(
        [one(np.repeat(videos[:, [each]], FRAMES, axis=1))[:, 1] for each in range(FRAMES)]
    )
    np.testing.assert_allclose(more(videos)[:, 1], of_frames.mean(axis=0), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(more(videos)[:, 0], one(videos)[:, 0], rtol=1e-5)


def test_it_sees_how_much_frames_differ():
    keras.utils.set_random_seed(0)
    network = MoCoGAN(width=4, image_frames=FRAMES, frame_stddev=True).discriminator(SHAPE)
    outputs = network.get_layer("features").output

    def features(videos):
        made = np.asarray(keras.Model(network.inputs[0], outputs)(videos))
        return np.split(made, 3, axis=1)[1:]  # the last ones of videos, and those of frames

    videos = np.random.default_rng(0).uniform(-1, 1, (1, *SHAPE)).astype(np.float32)
    still = [np.repeat(videos[:, [at]], FRAMES, axis=1) for at in range(FRAMES)]
    means = np.stack([features(each)[1][0] for each in still])
    stddev, mean = features(videos)
    np.testing.assert_allclose(mean[0], means.mean(axis=0), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(stddev[0], means.std(axis=0), rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(features(still[0])[0], 1e-4, atol=1e-5)


def test_a_single_frame_does_not_differ():
    with pytest.raises(UserError, match="add image_frames=4"):
        MoCoGAN(frame_stddev=True)


@pytest.mark.parametrize("option", ["motion", "image_frames"])
def test_options_are_1_or_more(option):
    with pytest.raises(UserError, match=f"{option}=0"):
        MoCoGAN(**{option: 0})
