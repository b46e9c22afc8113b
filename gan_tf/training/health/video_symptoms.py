"""Failures of generators of videos, and how they show in the logged values."""

from gan_tf.training.health.symptom import Symptom

# 30 batches of 64 real videos of moving_glyphs had a motion of 0.91 to 1.06 of that of others, a variety
# of 0.90 to 1.10, and less than 0.0001 more flicker. Spoiled ones had a motion of 0 where frozen, of 0.07
# where they move once in 16 frames; a variety of 0 where all are one, of 0.12 with noise of 4 gray
# levels; a flicker of 0.21 where each second frame is darker by a fifth, of 0.43 where frames are
# exchanged. A young mocogan (step 600): 0.12, 0.65, 0.06.
LITTLE = 0.2  # of the motion, or of the variety, of real data
JUMPS = 0.15  # of a frame's brightness, more than in real data
RISING = 1.1  # of a measure that is too small, relative to the window before
FADING = 0.9  # of one that is too large


class VideoSymptom(Symptom):
    """The base of symptoms of videos: the logged value is far below that of real videos.

    Attributes:
        clause: the evidence, with a place for the median.
    """

    modalities = ("video",)
    clause = None

    def evidence(self, history, before=0):
        median = history.median(self.value, before)
        return self.clause.format(median) if median < LITTLE else None

    def is_transient(self, history):
        # New generators make such videos, and better ones from window to window.
        return not history.median(self.value) < RISING * history.median(self.value, before=1)


class Motionless(VideoSymptom):
    """Almost nothing moves."""

    name = "motionless"
    value = "motion"
    clause = "frames differ {:.2g} times as much from the one before as in real data"
    advice = (
        "Train longer; of mocogan, a longer motion code, e.g. --arch=mocogan(motion=20); and check that "
        "something moves in the data, or give a larger --frame_step."
    )


class Flicker(VideoSymptom):
    """The brightness jumps from frame to frame."""

    name = "flicker"
    value = "flicker"
    clause = "the brightness of frames jumps by {:.0%} more than in real data"
    advice = (
        "Train longer, or with a smaller learning rate of the generator, e.g. "
        '--generator_optimizer="adam(1e-4, beta_1=0.5)"; of mocogan, a longer --latent_dim, the content.'
    )

    def evidence(self, history, before=0):
        median = history.median(self.value, before)
        return self.clause.format(median) if median > JUMPS else None

    def is_transient(self, history):
        return not history.median(self.value) > FADING * history.median(self.value, before=1)


class OneVideo(VideoSymptom):
    """All videos are the same."""

    name = "one_video"
    value = "variety"
    clause = "two videos differ {:.2g} times as much as in real data"
    advice = (
        "Smaller learning rates, first the generator's, e.g. "
        '--generator_optimizer="adam(1e-4, beta_1=0.5)"; '
        '--loss=wasserstein --penalty="wgan_gp(10)" --discriminator_norm=layer; --minibatch_stddev=4.'
    )
