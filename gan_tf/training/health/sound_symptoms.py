"""Failures of generators of sound, and how they show in the logged values."""

from gan_tf.training.health.symptom import Symptom

# Each is more than in real data. What batches of 64 real clips had above others of their data set at most,
# 40 of tones and 40 of spoken digits, and what spoiled ones had above it:
#
# |         | tones | digits | spoiled: tones, digits                                               |
# |---------|-------|--------|------------------------------------------------------------------------|
# | SILENT  | 0     | 0      | half of the clips silent 0.50, 0.50                                    |
# | CLIPPED | 0     | 0      | 1.5 times as loud 0.065, 0.005; 3 times 0.32, 0.046; 10 times 0.64, 0.20 |
# | OFFSET  | 0     | 0.001  | moved by 0.2 of full scale 0.20, 0.20                                  |
# | TONE    | 0.088 | 0.040  | with a tone as strong as the sound 0.40, 0.47; all one tone 0.85, 0.91 |
SILENT = 0.25  # of the clips
CLIPPED = 0.03  # of the samples
OFFSET = 0.1  # of full scale
TONE = 0.25  # of the energy, at one frequency
FADING = 0.9  # of a fading measure, relative to the window before


class SoundSymptom(Symptom):
    """The base of symptoms of sound: the logged value is far above that of real clips.

    Attributes:
        limit: the value above which it shows.
        clause: the evidence, with a place for the median.
    """

    modalities = ("audio",)
    limit = None
    clause = None

    def evidence(self, history, before=0):
        median = history.median(self.value, before)
        return self.clause.format(median) if median > self.limit else None

    def is_transient(self, history):
        # New generators make such sound, and less from window to window.
        return not history.median(self.value) > FADING * history.median(self.value, before=1)


class Silence(SoundSymptom):
    """Many clips are silent."""

    name = "silence"
    value = "silent"
    limit = SILENT
    clause = "{:.0%} more of the clips than in real data are silent"
    advice = (
        'Use --loss=wasserstein --penalty="wgan_gp(10)", or a slower discriminator, e.g. '
        '--discriminator_optimizer="adam(5e-5, beta_1=0.5)"; and check that the data are not silent.'
    )


class Clipping(SoundSymptom):
    """Much of the sound is at full scale: it is distorted."""

    name = "clipping"
    value = "clipped"
    limit = CLIPPED
    clause = "{:.0%} more of the samples than in real data are at full scale"
    advice = (
        "Smaller learning rates, first the generator's, e.g. "
        '--generator_optimizer="adam(5e-5, beta_1=0.5)"; or data that are not clipped.'
    )


class OffsetFromZero(SoundSymptom):
    """Clips do not swing around zero."""

    name = "dc_offset"
    value = "offset"
    limit = OFFSET
    clause = "the means of clips are {:.2g} of full scale farther from zero than in real data"
    advice = "Train longer; smaller learning rates; or --representation=spectrogram, which has no offset."


class OneTone(SoundSymptom):
    """The clips are one and the same tone, such as the whine of transposed convolutions."""

    name = "one_tone"
    value = "one_tone"
    limit = TONE
    clause = "one frequency has {:.0%} more of the energy than in real data"
    advice = (
        "Train longer; a smaller learning rate of the generator; of wavegan, --phase_shuffle=2, or "
        "--post_filter=512."
    )
