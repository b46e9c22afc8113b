"""Scores of generated videos against the data."""

from experiments.video import frames
from gan_tf import latents
from gan_tf.data import build as datasets
from gan_tf.data import pipeline
from gan_tf.evaluation.build import evaluator
from gan_tf.runs.trained_run import TrainedRun

METRICS = (
    *("fid", "same_digit", "content_distance", "straightness", "speed_distance", "bounces"),
    *("classifier_score", "class_kl"),
)
_BATCH = 100


class Scorer:
    """Scores videos against the data of a `Config`.

    Args:
        config: the resolved `Config` of a training on videos.
        count: videos of each kind.
    """

    def __init__(self, config, count=1000):
        self._count = count
        self.source = datasets.build(config)
        self._data = pipeline.load(self.source, config.cache_mb << 20, config.cache_dir)
        self._evaluator = evaluator(config, self.source, self._data, METRICS, num_images=count)

    def of_run(self, run_dir):
        """Returns {score: value} of a run at its last checkpoint; of images, of walks through its latents.

        Args:
            run_dir: the folder.
        """
        trained = TrainedRun(run_dir)
        if trained.modality.name == "image":
            made = frames.walks(trained, self._count, self._data.samples.shape[1])
        else:
            normal = latents.draw(0, range(self._count), trained.latent_dim)
            labels = trained.choose_labels(0, range(self._count))
            made = trained.samples(normal, labels), labels
        return {"steps": trained.step} | self._of(*made)

    def of_held_out(self):
        """Returns the scores of held-out videos."""
        held_out = pipeline.load_held_out(self.source, self._count)
        return self._of(held_out.samples, held_out.labels)

    def _of(self, videos, labels):
        """ "recognized" is the share of videos whose class the features' classifier finds."""
        parts = [slice(at, at + _BATCH) for at in range(0, len(videos), _BATCH)]
        given = [None if labels is None else labels[part] for part in parts]
        sample = self._evaluator.sample(zip((videos[part] for part in parts), given))
        scores = {name: result.value for name, result in self._evaluator.score(sample)}
        if labels is not None:
            right = sample.probabilities.argmax(axis=1) == labels[: len(sample)]
            scores["recognized"] = float(right.mean())
        return scores
