"""Common failures of GANs, and their symptoms in the logged values.

For the choice of the thresholds see experiments/health.
"""

import itertools
import statistics

from gan_tf.training.health.overfitting import Overfitting
from gan_tf.training.health.sound_symptoms import Clipping, OffsetFromZero, OneTone, Silence
from gan_tf.training.health.symptom import Symptom
from gan_tf.training.health.video_symptoms import Flicker, Motionless, OneVideo

EARLY_STEPS = 1000  # steps in which healthy runs can be unbalanced, too
LOST_LOSS = 0.03  # of a discriminator that has won
NO_LOSS = 0.003  # of a discriminator that leaves no signal to learn from
LOST_PROBABILITY = 0.02  # of being real, for fakes that are always rejected
ALWAYS_RIGHT = 0.995  # accuracy on reals, and on fakes
VANISHED_NORM = 0.01  # of the generator's gradient
EXPLODED_NORM = 1000.0  # of either gradient; medians of healthy runs reached 157
FOOLED_PROBABILITY = 0.8  # of being real, for fakes that are always accepted
FOOLED_LOGITS = 0.5  # of fakes above reals, if there are no probabilities
FAR = 1.5  # distance of bad samples from the data
LOW_DIVERSITY = 0.2  # of samples, relative to the data
LOW_CLASS_DIVERSITY = 0.15  # of their classes, relative to the data
FALLEN = 0.5  # of either, relative to its peak
GROWING = 1.1  # of a rising measure, relative to the window before
SMOOTHED = 50  # steps over which the discriminator's loss is averaged to detect oscillation
FEWEST_MEANS = 10  # in two windows
LEAST_LOSS = 0.001  # smaller losses count as this
SWING = 30.0  # ratio of the 90th to the 10th percentile; healthy runs reached 17, early on
TURNS = 3  # from high to low or back
STRIPED = 2.0  # power at the frequencies of strides of 2, relative to the data
LITTLE_RESPONSE = 0.1  # of outputs to their sources, relative to targets
LITTLE_CHANGE = 0.1  # from sources to outputs, relative to targets
INVERTED = -0.3  # correlation of the luma of outputs and targets
FADING = 0.9  # of a fading pattern, relative to the window before
REPEATED = 0.3  # of the samples
UNSEEN = 0.5  # of the n-grams of samples
RISEN = (
    0.2  # nats per token of held-out sequences, above the lowest: the perplexity is 1.22 times it
)
READABLE = 2000  # steps after which sequences should consist of what occurs in the data


class DiscriminatorWon(Symptom):
    """The discriminator is always right: the generator's gradient vanishes, or fakes never pass.

    It shows in the discriminator's loss, near 0, or in its accuracy, as smoothed or flipped labels
    and further tasks keep the loss up.

    Arjovsky and Bottou, "Towards Principled Methods for Training Generative Adversarial
    Networks", 2017 (https://arxiv.org/abs/1701.04862), section 2. Losses without
    probabilities that can be negative do not fail like this.
    """

    name = "discriminator_won"
    advice = (
        "Make the discriminator slower, e.g. "
        '--discriminator_optimizer="adam(5e-5, beta_1=0.5)", or smoother with '
        "--spectral_norm=discriminator --discriminator_norm=none; in place of --loss=minimax, "
        "--loss=non_saturating."
    )

    def evidence(self, history, before=0):
        loss = history.median("discriminator_loss", before)
        accuracy = min(history.median(f"{each}_accuracy", before) for each in ("real", "fake"))
        if 0 <= loss < LOST_LOSS:
            text = f"discriminator_loss {loss:.2g}"
        elif accuracy > ALWAYS_RIGHT:
            text = f"real_accuracy and fake_accuracy {accuracy:.3g}"
        else:
            return None
        if self._has_vanished(history, before):
            norm = history.median("generator_gradient_norm", before)
            return f"{text}, generator_gradient_norm {norm:.2g}"
        for name, limit in (("fake_probability", LOST_PROBABILITY), ("fake_logit", -1.0)):
            if (value := history.median(name, before)) < limit:
                return f"{text}, {name} {value:.2g}"
        return text if 0 <= loss < NO_LOSS else None

    def is_transient(self, history):
        # Early in training, the generator recovers as long as its gradient has not vanished.
        lost = 0 <= history.median("discriminator_loss") < NO_LOSS
        return history.step < EARLY_STEPS and not lost and not self._has_vanished(history)

    def _has_vanished(self, history, before=0):
        return history.median("generator_gradient_norm", before) < VANISHED_NORM


class ExplodingGradients(Symptom):
    """The norm of a gradient is far larger than in healthy runs, and stays there.

    The median over the window is compared: healthy runs have spikes, and WGAN-GP medians of 157.
    """

    name = "exploding_gradients"
    advice = (
        "Keep the discriminator smooth, with "
        '--penalty="wgan_gp(10)" --discriminator_norm=layer (which --loss=wasserstein needs) or '
        "--spectral_norm=discriminator --discriminator_norm=none, or use smaller learning rates."
    )

    def evidence(self, history, before=0):
        for name in history.names("_gradient_norm"):
            if (norm := history.median(name, before)) > EXPLODED_NORM:
                return f"{name} {norm:.3g}"
        return None

    def is_transient(self, history):
        # Gradient penalties start with large gradients, which they reduce.
        return history.step < EARLY_STEPS


class WeakDiscriminator(Symptom):
    """The discriminator accepts samples that are far from the data: it gives no useful signal."""

    name = "weak_discriminator"
    advice = (
        "Make the discriminator stronger: a larger learning rate, e.g. "
        '--discriminator_optimizer="adam(4e-4, beta_1=0.5)", or --discriminator_steps=2.'
    )

    def evidence(self, history, before=0):
        distance = history.median("distance", before)
        if not distance > FAR:
            return None
        fake, real = (history.median(f"{each}_probability", before) for each in ("fake", "real"))
        text = f"samples {distance:.1f} times as far from the data as other real samples"
        if fake > FOOLED_PROBABILITY:
            return f"fake_probability {fake:.2g}, {text}"
        fake, real = (history.median(f"{each}_logit", before) for each in ("fake", "real"))
        if fake > real + FOOLED_LOGITS:
            return f"fake_logit {fake:.2g} above real_logit {real:.2g}, {text}"
        return None


class ModeCollapse(Symptom):
    """The samples are far less diverse than the data, or of far fewer classes."""

    name = "mode_collapse"
    value = "diversity"
    advice = (
        "Smaller learning rates, first the generator's, e.g. "
        '--generator_optimizer="adam(1e-4, beta_1=0.5)"; another loss, such as '
        '--loss=wasserstein --penalty="wgan_gp(10)" --discriminator_norm=layer; a larger '
        "--batch_size; more data."
    )
    _measures = (
        ("diversity", LOW_DIVERSITY, "mean distance between samples"),
        ("class_diversity", LOW_CLASS_DIVERSITY, "effective number of classes"),
        ("within_class_diversity", LOW_DIVERSITY, "mean distance between samples of a class"),
    )

    def evidence(self, history, before=0):
        return next((text for _, text in self._low(history, before)), None)

    def is_transient(self, history):
        # The samples of a new generator are all alike at first.
        return not any(
            history.median(name) < GROWING * history.median(name, before=1)
            for name, _ in self._low(history, 0)
        )

    def _low(self, history, before):
        for name, limit, text in self._measures:
            value, peak = history.median(name, before), history.peak(name)
            if value < limit:
                yield name, f"{text} {value:.2g} of that of real data"
            elif value < FALLEN * peak:
                yield name, f"{text} {value:.2g} of that of real data, after {peak:.2g}"


class Oscillation(Symptom):
    """The networks oscillate: the generator and the discriminator almost win in alternation.

    The discriminator's loss swings between its extremes, in two windows. Losses that can be
    negative have no scale to measure that by.
    """

    name = "oscillation"
    advice = (
        "Less momentum and smaller learning rates, e.g. "
        '--generator_optimizer="adam(1e-4, beta_1=0.0)" '
        '--discriminator_optimizer="adam(1e-4, beta_1=0.0)"; a smoother discriminator, with '
        "--spectral_norm=discriminator --discriminator_norm=none."
    )

    def evidence(self, history, before=0):
        values = [each for k in (1, 0) for each in history.recent(self.value, before + k)]
        means = _means(values)
        if len(means) < FEWEST_MEANS or min(means) < 0:
            return None
        means = [max(each, LEAST_LOSS) for each in means]
        low, *_, high = statistics.quantiles(means, n=10, method="inclusive")
        turns = _turns(means, low, high)
        if high > SWING * low and turns >= TURNS:
            return f"discriminator_loss between {low:.2g} and {high:.2g}, {turns} swings"
        return None


def _means(values):
    """The means of [(step, value)] over each `SMOOTHED` steps: single steps are noisy."""
    bins = {}
    for step, value in values:
        bins.setdefault((step - 1) // SMOOTHED, []).append(value)
    return [statistics.mean(each) for each in bins.values()]


def _turns(means, low, high):
    """How often a series moves between the upper and the lower quarter of its log range."""
    upper, lower = high * (low / high) ** 0.25, low * (high / low) ** 0.25
    sides = [each >= upper for each in means if each >= upper or each <= lower]
    return sum(one != next_one for one, next_one in itertools.pairwise(sides))


class Checkerboard(Symptom):
    """The samples have the checkerboard pattern of transposed convolutions of stride 2."""

    name = "checkerboard"
    value = "checkerboard"
    modalities = ("image",)
    advice = (
        "Use kernel sizes divisible by the stride, as --arch=dcgan does, or --upsampling=nearest; "
        "or train longer: the pattern often fades."
    )

    def evidence(self, history, before=0):
        peak, diversity = (history.median(each, before) for each in (self.value, "diversity"))
        if (
            peak > STRIPED and diversity >= LOW_DIVERSITY
        ):  # the spectrum of a single image is not typical
            return f"spectrum at the stride's frequencies {peak:.1f} times that of real data"
        return None

    def is_transient(self, history):
        # New networks have the pattern at first, and lose it.
        return not history.median(self.value) > FADING * history.median(self.value, before=1)


class LowTranslationMeasure(Symptom):
    """The base of symptoms of translations: the logged value is below that of healthy runs.

    Attributes:
        limit: the value below which it shows.
        clause: the evidence, with a place for the median.
    """

    modalities = ("image",)
    limit = None
    clause = None

    def evidence(self, history, before=0):
        median = history.median(self.value, before)
        return self.clause.format(median) if median < self.limit else None


class IgnoresSource(LowTranslationMeasure):
    """A translation makes almost the same output of every source."""

    name = "ignores_source"
    value = "response"
    limit = LITTLE_RESPONSE
    clause = "outputs differ {:.2g} times as much as targets"
    advice = (
        'Give the content loss more weight, e.g. --content_loss="l1(100)", and check that sources and '
        'targets are pairs; between two domains, the cycle loss, e.g. --gan="cyclegan(cycle=20)".'
    )


class CopiesSource(LowTranslationMeasure):
    """A translation returns its source, although targets differ from it."""

    name = "copies_source"
    value = "change"
    limit = LITTLE_CHANGE
    clause = "outputs differ from sources {:.2g} times as much as targets do"
    advice = (
        'Train longer, or with a discriminator that sees more, e.g. --discriminator="patchgan(3)"; '
        'check --direction; between two domains, without the identity loss: --gan="cyclegan(identity=0)".'
    )


class InvertedLuminance(LowTranslationMeasure):
    """A translation makes dark what is bright in the targets."""

    name = "inverted_luminance"
    value = "luminance"
    limit = INVERTED
    clause = "the luma of outputs correlates with that of targets by {:.2g}"
    advice = (
        'Give the content loss more weight, e.g. --content_loss="l1(100)", or start again with another '
        "--seed."
    )


class RepeatedSequence(Symptom):
    """The generator writes the same sequences again and again."""

    name = "repeated_sequence"
    value = "repeated"
    modalities = ("tokens",)
    advice = (
        "Train the discriminator less sharply, with --loss=wasserstein "
        '--penalty="wgan_gp(10)"; a longer --latent_dim with --relaxation=gumbel; a larger '
        "--batch_size; of --gan=seqgan, fewer adversarial steps."
    )

    def evidence(self, history, before=0):
        share = history.median(self.value, before)
        return f"{share:.0%} of the samples repeat others" if share > REPEATED else None

    def is_transient(self, history):
        # New generators write so, and better from window to window.
        return not history.median(self.value) > FADING * history.median(self.value, before=1)


class Gibberish(Symptom):
    """The samples consist of stretches of tokens that occur nowhere in the data."""

    name = "gibberish"
    value = "unseen_ngrams"
    modalities = ("tokens",)
    advice = (
        "Train longer, with more --steps; --loss=wasserstein with "
        '--penalty="wgan_gp(10)" --discriminator_steps=5; a shorter --length; or --gan=seqgan, '
        "which begins with maximum likelihood."
    )

    def evidence(self, history, before=0):
        share = history.median(self.value, before)
        if history.step >= READABLE and share > UNSEEN:
            return f"{share:.0%} more of the short stretches than in real data are new"
        return None

    def is_transient(self, history):
        # New generators write so, and better from window to window.
        return not history.median(self.value) > FADING * history.median(self.value, before=1)


class RisingNLL(Symptom):
    """Held-out sequences have become less likely: the generator has memorized its data, or drops modes.

    It shows only where the likelihood is known, with `--gan=seqgan`, and sequences are held out.
    """

    name = "rising_nll"
    value = "held_out_nll"
    modalities = ("tokens",)
    advice = (
        "Take an earlier checkpoint (--evaluate_every=200steps --metric=nll_test keeps the best); train "
        "for fewer --steps, or on more data; in the adversarial phase, use a smaller learning rate, e.g. "
        '--generator_optimizer="adam(1e-3)".'
    )

    def evidence(self, history, before=0):
        nats, best = history.median(self.value, before), history.low(self.value)
        if nats > best + RISEN:
            return f"{nats:.3g} nats per token of held-out sequences, after {best:.3g}"
        return None


# In the order of reports: causes first.
SYMPTOMS = (
    DiscriminatorWon(),
    ExplodingGradients(),
    WeakDiscriminator(),
    Oscillation(),
    Overfitting(),
    IgnoresSource(),
    CopiesSource(),
    InvertedLuminance(),
    ModeCollapse(),
    Checkerboard(),
    RisingNLL(),
    RepeatedSequence(),
    Gibberish(),
    Silence(),
    Clipping(),
    OffsetFromZero(),
    OneTone(),
    Motionless(),
    Flicker(),
    OneVideo(),
)


def symptoms_of(modality):
    """Returns the symptoms that apply to a modality, by its name; causes first."""
    return tuple(each for each in SYMPTOMS if modality in (each.modalities or (modality,)))
