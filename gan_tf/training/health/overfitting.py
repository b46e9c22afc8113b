"""The symptom of a discriminator that has memorized its data."""

from gan_tf.training.health.symptom import Symptom

PASSES = 20  # over the data, before which nothing is memorized
SURE = 0.8  # mean sign of the logits of reals; the target of --trick=ada is 0.6
WORSE = 1.2  # distance of samples from the data, relative to the lowest


class Overfitting(Symptom):
    """The discriminator is sure of the images it is trained on, and samples get worse.

    Karras et al., "Training Generative Adversarial Networks with Limited Data", 2020
    (https://arxiv.org/abs/2006.06676), section 2: r, the mean sign of the logits of reals, rises to 1
    as the discriminator overfits. Healthy ones can be as sure, so samples must have got worse too.
    """

    name = "overfitting"
    advice = (
        "Use more data; keep the discriminator from memorizing them, with "
        '--trick="ada(kimg=100.0)" or --trick=diff_augment; or take an earlier checkpoint.'
    )

    def evidence(self, history, before=0):
        sign = history.median("real_sign", before)  # that --trick=ada logs
        if sign != sign:
            sign = 2 * history.median("real_accuracy", before) - 1
        passes, distance = (history.median(each, before) for each in ("epoch", "distance"))
        best = history.low("distance")
        if passes >= PASSES and sign > SURE and distance > WORSE * best:
            return (
                f"mean sign of the logits of reals {sign:.2f} after {passes:.0f} passes over the data, "
                f"samples {distance:.2g} times as far from the data as other real samples, after {best:.2g}"
            )
        return None
