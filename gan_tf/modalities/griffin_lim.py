"""From log magnitudes to sound: phases by the fast algorithm of Griffin and Lim."""

import math

import keras
import numpy as np
import tensorflow as tf

from gan_tf.modalities.spectrogram import DEVIATIONS, LEAST

_LEAST_WEIGHT = 0.01  # of windows at the ends of a clip, relative to those inside
_MOMENTUM = 0.99
_SPREAD = 2  # bins, half of what the main lobe of a Hann window covers


@keras.saving.register_keras_serializable("gan_tf")
class GriffinLim(keras.layers.Layer):
    """Normalized log magnitudes (n, T, window / 2, 1) in [-1, 1] to sound, float32 (n, T hop, 1).

    The first phases are those of steady partials, one at each peak of a spectrum. Then sound is made of
    the spectrum by least squares, and its phases are taken, with a momentum of 0.99, again and again.
    A clip that exceeds full scale, [-1, 1], becomes quieter as a whole, so that nothing is clipped.
    Fourier transforms are products of matrices, which every export format has.

    Source: Griffin and Lim, "Signal estimation from modified short-time Fourier transform", 1984,
    equation 6; Perraudin et al., "A fast Griffin-Lim algorithm", 2013; the first phases after
    Beauregard et al., "Single pass spectrogram inversion", 2015, summed in each bin instead of along
    moving peaks. Donahue et al., 2019 (https://arxiv.org/abs/1802.04208), start from random phases,
    use no momentum and do not weight by the windows.

    Args:
        window, hop, iterations: as for `gan_tf.modalities.spectrogram.Spectrogram`.
        moments: float (window,): the means and the standard deviations of log magnitudes.
    """

    def __init__(self, window, hop, iterations, moments, **kwargs):
        super().__init__(**{"dtype": "float32"} | kwargs)
        self.window, self.hop, self.iterations = window, hop, iterations
        self.moments = list(moments)
        if len(self.moments) != window:
            raise ValueError(f"a window of {window} has {window} moments, not {len(self.moments)}")
        hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window) / window)
        angles = 2 * np.pi / window * np.outer(np.arange(window), np.arange(window // 2 + 1))
        analysis = np.concatenate([np.cos(angles), -np.sin(angles)], axis=1)
        self._analysis = np.float32(hann[:, None] * analysis)  # (window, real and imaginary)
        weights = np.full(window // 2 + 1, 2.0)
        weights[[0, -1]] = 1
        self._synthesis = np.float32(analysis.T * np.tile(weights, 2)[:, None] * hann / window)
        self._squares = np.float32(hann**2)

    def call(self, inputs):
        mean, deviation = np.float32(self.moments).reshape(2, -1)
        logs = inputs[..., 0] * (DEVIATIONS * deviation) + mean
        magnitude = tf.maximum(tf.exp(logs) - LEAST, 0.0)
        magnitude = tf.pad(magnitude, [[0, 0], [0, 0], [0, 1]])  # the highest frequency
        phases = tf.pad(self._first_phases(logs), [[0, 0], [0, 0], [0, 1]])
        spectrum = tf.concat([magnitude * tf.cos(phases), magnitude * tf.sin(phases)], axis=-1)
        sound, last = self._sound(spectrum), 0.0
        for _ in range(self.iterations):
            found = self._frames(sound) @ self._analysis
            real, imaginary = tf.split(found - _MOMENTUM / (1 + _MOMENTUM) * last, 2, axis=-1)
            scale = magnitude * tf.math.rsqrt(real * real + imaginary * imaginary + 1e-16)
            sound = self._sound(tf.concat([real * scale, imaginary * scale], axis=-1))
            last = found
        loudest = tf.reduce_max(tf.abs(sound), axis=1, keepdims=True)
        return (sound / tf.maximum(loudest, 1.0))[..., None]

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[1] * self.hop, 1)

    def get_config(self):
        own = ("window", "hop", "iterations", "moments")
        return super().get_config() | {name: getattr(self, name) for name in own}

    def _first_phases(self, logs):
        """Phases of the steady partials of log magnitudes (n, T, window / 2), in radians.

        The frequency of a peak is that of the parabola through it and its neighbors. The phase of a
        partial in the middle of a frame advances by its frequency, and the bins about a peak have
        that phase and the opposite in turns, since a spectrum is counted from the start of a frame.
        """
        below, above = _neighbors(logs)
        peak, rises = (logs >= below) & (logs > above), above > below

        def of_peak(values):
            """What the nearest peak uphill has, or the highest bin up to it."""
            for _ in range(_SPREAD):
                values = tf.where(peak, values, tf.where(rises, *_neighbors(values)[::-1]))
            return values

        curvature = tf.minimum(below - 2 * logs + above, -1e-6)
        offset = tf.clip_by_value((below - above) / (2 * curvature), -0.5, 0.5)
        bins = np.arange(logs.shape[-1], dtype=np.float32)
        frequency = of_peak(bins + tf.where(peak, offset, 0.0))
        turns = frequency * (self.hop / self.window)
        turns = of_peak(tf.cumsum(turns - tf.floor(turns), axis=1))
        return 2 * np.pi * (turns - tf.floor(turns)) + np.pi * (bins % 2)

    def _frames(self, sound):
        """The frames of sound (n, T hop): (n, T, window), padded at the end."""
        count, parts = sound.shape[1] // self.hop, self.window // self.hop
        pieces = tf.reshape(sound, (-1, count, self.hop))
        pieces = tf.pad(pieces, [[0, 0], [0, parts - 1], [0, 0]])
        return tf.concat([pieces[:, at : at + count] for at in range(parts)], axis=-1)

    def _sound(self, spectrum):
        """The sound whose spectrum is nearest to one, (n, T, window + 2): (n, T hop)."""
        frames, count = spectrum @ self._synthesis, spectrum.shape[1]
        weight = self._overlapped(np.broadcast_to(self._squares, (1, count, self.window)))
        weight = np.maximum(weight, _LEAST_WEIGHT * weight.max())
        return self._overlapped(frames) / weight

    def _overlapped(self, frames):
        """The sum of overlapping frames (n, T, window): (n, T hop)."""
        count, total = frames.shape[1], 0.0
        pad, concrete = (np.pad, True) if isinstance(frames, np.ndarray) else (tf.pad, False)
        for at in range(self.window // self.hop):
            pieces = frames[:, : count - at, at * self.hop : (at + 1) * self.hop]
            total = total + pad(pieces, [[0, 0], [at, 0], [0, 0]])
        length = math.prod(total.shape[1:])
        return total.reshape(-1, length) if concrete else tf.reshape(total, (-1, length))


def _neighbors(values):
    """Values (..., K) of the bins below and above, mirrored at both ends."""
    below = tf.concat([values[..., 1:2], values[..., :-1]], axis=-1)
    return below, tf.concat([values[..., 1:], values[..., -2:-1]], axis=-1)
