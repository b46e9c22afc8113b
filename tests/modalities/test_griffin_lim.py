"""From magnitudes to sound, by products of matrices."""

import keras
import numpy as np
import tensorflow as tf

from gan_tf.modalities.griffin_lim import GriffinLim
from gan_tf.modalities.spectrogram import Spectrogram

MOMENTS = [0.0] * 32 + [1.0] * 32


def layer(iterations=16, hop=32):
    return GriffinLim(64, hop, iterations, MOMENTS)


def inconsistency(sound, magnitude):
    """How far the magnitudes of sound (n, T) are from given ones (n, frames, 32), relative to these."""
    found = np.abs(tf.signal.stft(sound, 64, 32, pad_end=True).numpy())[..., :-1]
    return np.linalg.norm(found - magnitude) / np.linalg.norm(magnitude)


def test_matrices_are_fourier_transforms():
    sound = np.float32(np.random.default_rng(0).normal(0, 0.2, (2, 640)))
    for hop in (32, 16):
        own = layer(hop=hop)
        real, imaginary = np.split(own._frames(sound) @ own._analysis, 2, axis=-1)
        expected = tf.signal.stft(sound, 64, hop, pad_end=True).numpy()
        np.testing.assert_allclose(real + 1j * imaginary, expected, atol=1e-4)
        spectrum = np.concatenate([real, imaginary], axis=-1)
        back = own._sound(tf.constant(spectrum)).numpy()
        np.testing.assert_allclose(back[:, 8:-40], sound[:, 8:-40], atol=1e-4)


def test_each_iteration_brings_the_magnitudes_nearer():
    random = np.random.default_rng(1)
    sound = np.float32(np.cumsum(random.normal(0, 0.01, (3, 640)), axis=1))  # within full scale
    logs = Spectrogram(64, 32)._logs(tf.constant(sound[..., None])).numpy()
    seen = tf.constant(logs[..., None] / 3)
    errors = [inconsistency(layer(each)(seen)[..., 0], np.exp(logs)) for each in (0, 1, 4, 16, 64)]
    assert errors == sorted(errors, reverse=True) and errors[3] < 0.6 * errors[0]


def test_first_phases_are_those_of_steady_tones():
    """Up to one phase for each tone; there are no others in the bins about its peak."""
    for hop in (32, 16):
        frequencies = np.array([4.0, 9.3, 17.5, 25.8])  # bins
        turns = np.outer(frequencies / 64, np.arange(1280)) + np.array([[0.1], [0.4], [0.7], [0.0]])
        sound = tf.constant(0.5 * np.sin(2 * np.pi * turns), tf.float32)
        spectrum = tf.signal.stft(sound, 64, hop).numpy()[..., :-1]
        found = layer(hop=hop)._first_phases(tf.math.log(np.abs(spectrum) + 1e-6)).numpy()
        for tone, frequency in enumerate(frequencies):
            bins = slice(round(frequency) - 1, round(frequency) + 2)
            difference = spectrum[tone, :, bins] * np.exp(-1j * found[tone, :, bins])
            directions = difference / np.abs(difference)
            np.testing.assert_allclose(directions, directions[:, 1:2] + np.zeros(3), atol=1e-2)
            drift = np.angle(directions[1:, 1] / directions[:-1, 1])
            assert np.abs(drift).max() < 0.06  # radians in a frame


def test_what_is_too_loud_becomes_quieter_as_a_whole():
    """With no more phases to estimate, sound is linear in the magnitudes."""
    random = np.random.default_rng(1)
    quiet = np.float32(random.uniform(-1, -0.5, (1, 20, 32, 1)))
    loud = quiet + np.float32(1.5)  # all logs are 4.5 larger
    made = layer(0)(tf.concat([quiet, loud], axis=0)).numpy()[..., 0]
    assert np.abs(made[0]).max() < 1 and np.abs(made[1]).max() == 1
    np.testing.assert_allclose(made[1], made[0] / np.abs(made[0]).max(), atol=1e-3)


def test_it_is_saved_with_its_moments():
    made = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer(3)))
    seen = tf.constant(np.float32(np.random.default_rng(2).uniform(-1, 1, (2, 5, 32, 1))))
    assert made.iterations == 3
    np.testing.assert_array_equal(made(seen), layer(3)(seen))
