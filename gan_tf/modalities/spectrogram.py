"""Log-magnitude spectrograms of sound, the representation of SpecGAN."""

import numpy as np

from gan_tf.modalities.representation import Representation
from gan_tf.registry import REPRESENTATIONS

LEAST = 1e-6  # added to magnitudes
DEVIATIONS = 3.0  # that become 1


@REPRESENTATIONS.register("spectrogram")
class Spectrogram(Representation):
    """Log magnitudes of the short-time Fourier transform of sound, as images (SpecGAN, 2019).

    Log magnitudes are normalized for each frequency by mean and standard deviation of the training
    data; three deviations become 1, and what is beyond is clipped. The highest frequency is left
    out, so that an image of T frames and window / 2 frequencies is (T, window / 2, 1). Phases are
    estimated on the way back (see `gan_tf.modalities.griffin_lim.GriffinLim`).

    Source: Donahue et al., "Adversarial Audio Synthesis", 2019 (https://arxiv.org/abs/1802.04208),
    section 3.4, and the authors' code.

    Args:
        window: samples of a frame, even, default 256.
        hop: samples from one frame to the next, default 128; a divisor of the window.
        iterations: of Griffin and Lim's algorithm, default 16.

    Raises:
        ValueError: for an odd window, or a hop that does not divide it at least once.
    """

    modalities = ("audio",)
    seen_as = "image"

    def __init__(self, window: int = 256, hop: int = 128, iterations: int = 16):
        if not 8 <= window <= 4096 or window % 2:
            raise ValueError("the window must be an even number of samples, from 8 to 4096")
        if not 1 <= hop <= window // 2 or window % hop:
            raise ValueError("the hop must divide the window into 2 or more")
        if not 0 <= iterations <= 1000:
            raise ValueError("there are 0 to 1000 iterations")
        self.window, self.hop, self.iterations = window, hop, iterations

    def shape(self, shape):
        if shape[0] % self.hop:
            multiple = -(-shape[0] // self.hop) * self.hop
            raise ValueError(
                f"clips of {shape[0]:,} samples are not whole frames of {self.hop}: give "
                f"--length={multiple}"
            )
        return shape[0] // self.hop, self.window // 2, 1

    def measure(self, batches):
        count, total, squares = 0, 0.0, 0.0
        for batch in batches:
            logs = self._logs(batch).numpy().astype(np.float64)
            count += logs.shape[0] * logs.shape[1]
            total, squares = total + logs.sum((0, 1)), squares + (logs**2).sum((0, 1))
        mean = total / count
        deviation = np.sqrt(np.maximum(squares / count - mean**2, 1e-6))
        return np.float32(np.concatenate([mean, deviation])).tolist()

    def check(self, moments):
        super().check(moments)
        if len(moments) != self.window or min(moments[self.window // 2 :]) <= 0:
            raise ValueError(
                f"a window of {self.window} has {self.window} moments, of which half are deviations"
            )

    def forward(self, samples, moments):
        import tensorflow as tf

        mean, deviation = np.float32(moments).reshape(2, -1)
        shares = (self._logs(samples) - mean) / (DEVIATIONS * deviation)
        return tf.clip_by_value(shares, -1.0, 1.0)[..., None]

    def inverse(self, moments):
        from gan_tf.modalities.griffin_lim import GriffinLim

        return GriffinLim(self.window, self.hop, self.iterations, moments, name="sound")

    def _logs(self, samples):
        """The log magnitudes of sound (n, length, 1): (n, frames, window / 2)."""
        import tensorflow as tf

        frames = tf.signal.stft(samples[..., 0], self.window, self.hop, pad_end=True)
        return tf.math.log(tf.abs(frames[..., :-1]) + LEAST)
