"""Scores of translations between domains and of fonts, each {part: {score: values}}.

A part is a direction, or a style. Values are those of `gan_tf.evaluate`: "value", "floor", of real images,
and "ceiling", of untranslated ones.
"""

import json
import pathlib

import numpy as np

from experiments import classifier
from gan_tf import evaluate
from gan_tf.data import pipeline
from gan_tf.metrics.metric import Sample
from gan_tf.registry import FEATURES, METRICS
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.sampling.image_translator import translated

DIRECTIONS = ("a_to_b", "b_to_a")
_CLASSIFIER_STEPS = 600
_BATCH = 64
_MOST_TRANSLATED = 20_000  # images of a training set
_SMILING = "Smiling"


def evaluated(run, metrics, num_images):
    """Returns the scores of `gan_tf.evaluate` by direction; of a run with a single one, as "all"."""
    path = pathlib.Path(run, "evidence.json")
    words = [f"--run_dir={run}", f"--num_images={num_images}", f"--json={path}"]
    evaluate.main(["evaluate", *words, *(f"--metric={each}" for each in metrics)])
    found = json.loads(path.read_text())
    return {each.get("direction", "all"): each["metrics"] for each in found.get("runs", [found])}


def digits(run, seed, **_):
    """How well a classifier that is trained on translated digits does on real ones, in each direction.

    Beside it, the same classifier trained on real digits, and on untranslated ones of the other domain.
    """
    found = {}
    for direction in DIRECTIONS:
        trained = TrainedRun(run, direction=direction)
        real, tests = trained.data(), trained.held_out()
        others = real.source_domain
        count = min(len(others), _MOST_TRANSLATED)
        made = _outputs(trained, real, count)
        sets = {
            "value": (made, others.classes[:count]),
            "floor": (real.samples, real.classes),
            "ceiling": (others.samples, others.classes),
        }
        found[direction] = {
            "trained_on": {
                name: classifier.accuracy(_classifier(seed, *each), tests.samples, tests.classes)
                for name, each in sets.items()
            }
        }
    return found


def faces(run, **_):
    """What the shipped network of attributes sees in translated held-out faces.

    `attribute_changed`: the share of outputs that have the attribute of their domain; `others_kept`: how
    often each of the other attributes is as in the source, the mean over them; and `kept`, of each.
    """
    network = FEATURES.build("celeb_a_attributes")
    index = network.label_names.index(_SMILING)
    found = {}
    for direction, wanted in zip(DIRECTIONS, (True, False)):
        trained = TrainedRun(run, direction=direction)
        examples = trained.held_out()
        sets = {
            "value": _outputs(trained, examples, len(examples.sources)),
            "floor": examples.samples,
            "ceiling": examples.sources,
        }
        seen = {name: network.labels(np.asarray(each)) for name, each in sets.items()}
        changed = {name: float(np.mean(each[:, index] == wanted)) for name, each in seen.items()}
        kept = (seen["value"] == seen["ceiling"]).mean(axis=0)
        others = {
            name: float(kept[at]) for at, name in enumerate(network.label_names) if at != index
        }
        found[direction] = {
            "attribute_changed": changed,
            "others_kept": {"value": float(np.mean(list(others.values())))},
            "kept": others,
        }
    return found


def counterparts(run, **_):
    """Distances of outputs to the image of the same name in the other domain, beside those of sources."""
    found = {}
    for direction in DIRECTIONS:
        trained = TrainedRun(run, direction=direction)
        examples = trained.held_out()
        made = _outputs(trained, examples, len(examples.sources))
        found[direction] = {
            name: {
                key: METRICS.build(name).score(_sample(examples.samples), _sample(each)).value
                for key, each in (("value", made), ("ceiling", examples.sources))
            }
            for name in ("psnr", "ssim", "l1")
        }
    return found


def styles(run, **_):
    """The scores of each style, on characters that were held out."""
    trained = TrainedRun(run)
    config, source = trained.source()
    examples = pipeline.load_held_out(source)
    features = FEATURES.build(config.feature_spec())
    made = _outputs(trained, examples, len(examples))
    real, outputs, sources = (
        Sample(np.asarray(each), features(np.asarray(each))[0], labels=examples.labels)
        for each in (examples.samples, made, examples.sources)
    )
    found = {}
    for label, name in enumerate(examples.label_names):
        rows = np.flatnonzero(examples.labels == label)
        found[name] = {}
        for metric, against in (
            ("recognized", real[rows]),
            ("l1", real[rows]),
            ("style_accuracy", real),
        ):
            score = METRICS.build(metric).score
            found[name][metric] = {
                "value": score(against, outputs[rows]).value,
                "ceiling": score(against, sources[rows]).value,
            }
    return found


def _outputs(trained, examples, count):
    """Outputs for the first sources of examples, uint8 (count, H, W, D)."""
    batches = translated(trained.generate, trained.modality, examples, count)
    return np.concatenate([batch for batch, _ in batches])


def _sample(pixels):
    return Sample(np.asarray(pixels), np.zeros((len(pixels), 0)))


def _classifier(seed, pixels, labels):
    """A network trained on images."""
    random = np.random.default_rng(seed)

    def batches():
        while True:
            rows = np.sort(random.integers(len(pixels), size=_BATCH))
            yield pixels[rows], labels[rows]

    return classifier.train(batches(), _CLASSIFIER_STEPS, seed)
