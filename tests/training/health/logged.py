"""Logged values of runs, healthy and not, and their diagnosis."""

from gan_tf.training.health.diagnosis import Diagnosis

SOUND = {
    "generator_loss": 2.5,
    "discriminator_loss": 0.5,
    "real_probability": 0.8,
    "fake_probability": 0.2,
    "real_accuracy": 0.9,
    "fake_accuracy": 0.9,
    "generator_gradient_norm": 20.0,
    "discriminator_gradient_norm": 60.0,
}


SOUND_SAMPLES = {
    "diversity": 0.9,
    "distance": 1.2,
    "checkerboard": 1.0,
    "class_diversity": 0.9,
    "within_class_diversity": 0.9,
    "repeated": 0.01,
    "unseen_ngrams": 0.05,
    "held_out_nll": 2.0,
    "silent": 0.01,
    "clipped": 0.01,
    "offset": 0.01,
    "one_tone": 0.05,
    "motion": 0.9,
    "flicker": 0.01,
    "variety": 0.9,
}


def diagnose(parts, diagnosis=None, every=50, measured=200):
    """Diagnoses a run of parts: (last step, values that differ from those of a healthy run)."""
    diagnosis = diagnosis or Diagnosis()
    for last, changes in parts:
        for step in range(diagnosis.step + every, last + 1, every):
            diagnosis.add({"step": step} | SOUND | {k: v for k, v in changes.items() if k in SOUND})
            if step % measured == 0:
                samples = {k: v for k, v in changes.items() if k in SOUND_SAMPLES}
                diagnosis.add({"step": step} | SOUND_SAMPLES | samples)
    return diagnosis


WON = {"discriminator_loss": 1e-4, "fake_probability": 1e-4, "generator_gradient_norm": 1e-3}


REJECTED = {"discriminator_loss": 1e-4, "fake_probability": 1e-4}


# Its labels are smoothed, or it has a further task, so that its loss stays up.
RIGHT = {"discriminator_loss": 0.33, "real_accuracy": 1.0, "fake_accuracy": 0.999}


EXPLODED = {"discriminator_gradient_norm": 2000.0}


FOOLED = {"fake_probability": 0.98, "distance": 1.75}


ALIKE = {"diversity": 0.05}


FEW_CLASSES = {"class_diversity": 0.1}


STRIPED = {"checkerboard": 6.0}


REPEATED = {"repeated": 0.6}


GIBBERISH = {"unseen_ngrams": 0.8}


UNLIKELY = {"held_out_nll": 2.5}


def swinging(low, high, steps=150, last=3000):
    """The parts of a run that is healthy for 1,000 steps, and then swings between two losses."""
    levels = [low, high] * (last // steps)
    times = range(1000 + steps, last + 1, steps)
    return [(1000, {}), *((t, {"discriminator_loss": each}) for t, each in zip(times, levels))]
