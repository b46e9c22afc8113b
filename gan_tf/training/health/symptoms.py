"""What goes wrong with GANs, and how it shows in the logged values.

How the thresholds were found: experiments/health.
"""

import abc
import itertools
import statistics

YOUNG = 1000  # steps in which sound games too are lopsided
LOST_LOSS = 0.03  # of a discriminator that has won
NO_LOSS = 0.003  # in which there is nothing left to learn from
LOST_PROBABILITY = 0.02  # of being real, of fakes that are always rejected
ALWAYS_RIGHT = 0.995  # the share of reals, and of fakes, that are told for what they are
VANISHED_NORM = 0.01  # of the generator's gradient
EXPLODED_NORM = 1000.0  # of either gradient; medians of sound runs reached 480
FOOLED_PROBABILITY = 0.8  # of being real, of fakes that are always believed
FOOLED_LOGITS = 0.5  # by which fakes are believed more than reals, where there are no probabilities
FAR = 1.5  # distance of bad samples from the data
LOW_DIVERSITY = 0.2  # of samples, against the data
LOW_CLASS_DIVERSITY = 0.15  # likewise, of their classes
FALLEN = 0.5  # of either, against what it has been
GROWING = 1.1  # of a measure that is on its way up, against the window before
SMOOTHED = 50  # steps, over which the discriminator's loss is averaged to see it swing
FEWEST_MEANS = 10  # in two windows
LEAST_LOSS = 0.001  # what is below counts as this
SWING = 30.0  # of the 90th to the 10th percentile; sound runs reached 17, at their beginning
TURNS = 3  # from high to low or back
STRIPED = 2.0  # power at the frequencies of strides of 2, against the data
FADING = 0.9  # of a pattern that is on its way out, against the window before


class Symptom(abc.ABC):
    """Something that goes wrong with GANs, and how it shows.

    Attributes:
        name: what it is called.
        advice: what usually helps: a sentence.
        of: the logged value whose windows tell since when it is so.
        modalities: names of the modalities in whose samples it can show; (): any.
    """

    name = None
    modalities = ()
    advice = None
    of = "discriminator_loss"

    @abc.abstractmethod
    def evidence(self, history, before=0):
        """Returns a clause with the numbers of a window that shows the symptom; or None.

        Args:
            history: the `History`.
            before: how many windows back, default 0: the last one.
        """

    def is_passing(self, history):
        """Returns whether what the last window shows is on its way out, as in young games."""
        del history
        return False

    def since(self, history):
        """Returns the step from which on windows have shown it up to the last."""
        before = 0
        while history.recent(self.of, before + 1) and self.evidence(history, before + 1):
            before += 1
        return history.recent(self.of, before)[0][0]


class DiscriminatorWon(Symptom):
    """It is always right: the generator's gradient vanishes, or its samples are always rejected.

    What tells that is its loss, near 0, or, since smoothed or flipped labels and further tasks
    keep the loss up, its accuracy.

    Arjovsky and Bottou, "Towards Principled Methods for Training Generative Adversarial
    Networks", 2017 (https://arxiv.org/abs/1701.04862), section 2. Losses without
    probabilities that can be below 0 have no such end.
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

    def is_passing(self, history):
        # As long as its gradient has not vanished, a young generator comes back.
        lost = 0 <= history.median("discriminator_loss") < NO_LOSS
        return history.step < YOUNG and not lost and not self._has_vanished(history)

    def _has_vanished(self, history, before=0):
        return history.median("generator_gradient_norm", before) < VANISHED_NORM


class ExplodingGradients(Symptom):
    """The norm of a gradient is far beyond what a sound game has, and stays there.

    The median over the window is compared: sound games have spikes, and WGAN-GP medians of 480.
    """

    name = "exploding_gradients"
    advice = (
        "Keep the discriminator smooth, with "
        '--penalty="wgan_gp(10)" --discriminator_norm=layer (which --loss=wasserstein needs) or '
        "--spectral_norm=discriminator --discriminator_norm=none, or give smaller learning rates."
    )

    def evidence(self, history, before=0):
        for name in ("discriminator_gradient_norm", "generator_gradient_norm"):
            if (norm := history.median(name, before)) > EXPLODED_NORM:
                return f"{name} {norm:.3g}"
        return None

    def is_passing(self, history):
        # Penalties on gradients begin with large ones, which they make smaller.
        return history.step < YOUNG


class WeakDiscriminator(Symptom):
    """The discriminator believes in samples that are far from the data: it teaches nothing."""

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
        text = f"samples {distance:.1f} times as far from the data as other real data"
        if fake > FOOLED_PROBABILITY:
            return f"fake_probability {fake:.2g}, {text}"
        fake, real = (history.median(f"{each}_logit", before) for each in ("fake", "real"))
        if fake > real + FOOLED_LOGITS:
            return f"fake_logit {fake:.2g} above real_logit {real:.2g}, {text}"
        return None


class ModeCollapse(Symptom):
    """The samples are far more alike than the data are, or of far fewer classes."""

    name = "mode_collapse"
    of = "diversity"
    advice = (
        "Smaller learning rates, first the generator's, e.g. "
        '--generator_optimizer="adam(1e-4, beta_1=0.5)"; another game, such as '
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

    def is_passing(self, history):
        # A sound generator begins with samples that are all alike, and leaves that behind.
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
    """The players go round in circles: one has almost won, then the other, again and again.

    The discriminator's loss swings between its extremes, in two windows. Losses that can be
    below 0 have no scale to tell that by.
    """

    name = "oscillation"
    advice = (
        "Less momentum and smaller learning rates, e.g. "
        '--generator_optimizer="adam(1e-4, beta_1=0.0)" '
        '--discriminator_optimizer="adam(1e-4, beta_1=0.0)"; a smoother discriminator, with '
        "--spectral_norm=discriminator --discriminator_norm=none."
    )

    def evidence(self, history, before=0):
        values = [each for k in (1, 0) for each in history.recent(self.of, before + k)]
        means = _means(values)
        if len(means) < FEWEST_MEANS or min(means) < 0:
            return None
        means = [max(each, LEAST_LOSS) for each in means]
        low, *_, high = statistics.quantiles(means, n=10, method="inclusive")
        turns = _turns(means, low, high)
        if high > SWING * low and turns >= TURNS:
            return f"discriminator_loss between {low:.2g} and {high:.2g}, {turns} times to and fro"
        return None


def _means(values):
    """The means of [(step, value)] over every `SMOOTHED` steps: single steps are noisy."""
    bins = {}
    for step, value in values:
        bins.setdefault((step - 1) // SMOOTHED, []).append(value)
    return [statistics.mean(each) for each in bins.values()]


def _turns(means, low, high):
    """How often a series comes from the upper to the lower quarter, in logarithms, or back."""
    upper, lower = high * (low / high) ** 0.25, low * (high / low) ** 0.25
    sides = [each >= upper for each in means if each >= upper or each <= lower]
    return sum(one != next_one for one, next_one in itertools.pairwise(sides))


class Checkerboard(Symptom):
    """The samples have the pattern that transposed convolutions of stride 2 can leave."""

    name = "checkerboard"
    of = "checkerboard"
    modalities = ("image",)
    advice = (
        "Use kernels whose size the stride divides, as --arch=dcgan does, or --upsampling=nearest; "
        "or train for longer: it often fades."
    )

    def evidence(self, history, before=0):
        peak, diversity = (history.median(each, before) for each in (self.of, "diversity"))
        if peak > STRIPED and diversity >= LOW_DIVERSITY:  # one image has no typical spectrum
            return f"spectrum at the stride's frequencies {peak:.1f} times that of real data"
        return None

    def is_passing(self, history):
        # New networks begin with the pattern, and leave it behind.
        return not history.median(self.of) > FADING * history.median(self.of, before=1)


# In this order they are told: causes first.
SYMPTOMS = (
    DiscriminatorWon(),
    ExplodingGradients(),
    WeakDiscriminator(),
    Oscillation(),
    ModeCollapse(),
    Checkerboard(),
)


def symptoms_of(modality):
    """Returns the symptoms that can show in samples of a modality, by its name; causes first."""
    return tuple(each for each in SYMPTOMS if modality in (each.modalities or (modality,)))
