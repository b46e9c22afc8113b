"""Scores of generated clips, and of real ones on the way through the representation and back."""

import numpy as np

from gan_tf import latents, modalities
from gan_tf.data import build as datasets
from gan_tf.data import pipeline
from gan_tf.data.represented import measured
from gan_tf.evaluation.build import evaluator
from gan_tf.runs.trained_run import TrainedRun

METRICS = {
    "tones": ("fid", "pitch_accuracy", "harmonicity", "log_spectral_distance"),
    "spoken_digits": ("fid", "classifier_score", "class_kl", "log_spectral_distance"),
}
_BATCH = 250


class Scorer:
    """Scores clips against the data of a `Config`.

    Args:
        config: the resolved `Config`.
        count: clips of each kind.
    """

    def __init__(self, config, count=1000):
        self._config, self._count = config, count
        self._source = datasets.build(config)
        self._data = measured(pipeline.load(self._source, config.cache_mb << 20, config.cache_dir))
        names = METRICS[config.dataset]
        self._evaluator = evaluator(config, self._source, self._data, names, num_images=count)

    def of_run(self):
        """Returns {score: value} of the run of the `Config`, at its last checkpoint."""
        trained = TrainedRun(self._config.run_dir)
        normal = latents.draw(0, range(self._count), trained.latent_dim)
        labels = trained.choose_labels(0, range(self._count))
        return self.of_clips(trained.samples(normal, labels), labels)

    def references(self):
        """Returns [(what, {score: value})] of held-out clips, and of these there and back."""
        held_out = pipeline.load_held_out(self._source, self._count)
        found = [("held out", self.of_clips(held_out.samples, held_out.labels))]
        modality = modalities.of(self._data)
        if modality.plain is not modality:
            there = modality.to_network(np.asarray(held_out.samples))
            back = modality.to_stored(there)
            found.append((self._config.representation, self.of_clips(back, held_out.labels)))
        return found

    def of_clips(self, clips, labels):
        """Returns {score: value} of stored clips (n, length, 1) and their classes (n,).

        "recognized" is the share whose class a classifier finds, if the features are one.
        """
        parts = range(0, len(clips), _BATCH)
        batches = ((clips[at : at + _BATCH], labels[at : at + _BATCH]) for at in parts)
        sample = self._evaluator.sample(batches)
        scores = {name: result.value for name, result in self._evaluator.score(sample)}
        if sample.probabilities is not None:
            right = sample.probabilities.argmax(axis=1) == labels[: len(sample)]
            scores["recognized"] = float(right.mean())
        return scores
