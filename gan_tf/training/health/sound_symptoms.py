"""Failures of generators of sound, and how they show in the logged values."""

from gan_tf.training.health.symptom import Symptom

MUCH = 0.5  # of the clips, or of their energy, more than in real data
CLIPPED = 0.1  # of the samples, more than in real data
OFFSET = 0.1  # of full scale, more than in real data
FADING = 0.9  # of a fading measure, relative to the window before


class SoundSymptom(Symptom):
    """The base of symptoms of sound: the logged value is far above that of real clips.

    Attributes:
        limit: the value above which it shows.
        clause: the evidence, with a place for the median.
    """

    modalities = ("audio",)
    limit = MUCH
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
    clause = "one frequency has {:.0%} more of the energy than in real data"
    advice = (
        "Train longer; a smaller learning rate of the generator; of wavegan, --phase_shuffle=2, or "
        "--post_filter=512."
    )
