"""FBGAN's feedback: what is kept, what it replaces, and that a run resumes exactly."""

import numpy as np
import pytest
import tensorflow as tf

from gan_tf import modalities
from gan_tf.data.motifs import Motifs
from gan_tf.errors import UserError
from gan_tf.gans.build import build
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.registry import TRICKS
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.training import loop
from tests.training.trained import cut

SCORER = "tests.tricks.test_feedback:by_letter"


def by_letter(texts):
    """A scorer: the share of A."""
    return [text.count("A") / len(text) for text in texts]


TRICK = f"feedback('{SCORER}', threshold=0.2, samples=10, memory=4)"


def gan(trick=TRICK, **options):
    base = dict(dataset="motifs", arch="resnet1d", width=2, latent_dim=3, trick=(trick,))
    return build(Config(**base | options).resolve(), (40, 4), total_steps=9)


def rows(*letters):
    return np.stack([np.full(40, each, np.int32) for each in letters])


def test_the_newest_replace_the_oldest_and_real_samples_as_the_memory_fills():
    made = gan()
    (trick,) = made.tricks
    real = np.eye(4, dtype=np.float32)[rows(*[3] * 400)]
    np.testing.assert_array_equal(trick.reals(made, tf.constant(real)), real)
    trick._keep(made, rows(0, 1))
    found = np.asarray(trick.reals(made, tf.constant(real))).argmax(-1)
    assert (found == found[:, :1]).all()
    counts = np.bincount(found[:, 0], minlength=4)
    assert 140 < counts[3] < 260 and counts[2] == 0 and min(counts[:2]) > 50
    trick._keep(made, rows(2, 2, 1))  # one more than there is room for
    assert np.asarray(made.kept["feedback"])[:, 0].tolist() == [1, 1, 2, 2]
    stored = trick.reals(made, tf.constant(rows(*[3] * 50)))
    assert stored.dtype == tf.int32 and set(np.unique(stored)) == {1, 2}
    trick._keep(made, rows(*[0] * 9))  # twice around
    assert np.asarray(made.kept["feedback"])[:, 0].tolist() == [0, 0, 0, 0]
    trick._keep(made, rows(3))
    assert np.asarray(made.kept["feedback"])[:, 0].tolist() == [0, 0, 3, 0]


def test_a_round_keeps_what_the_scorer_likes():
    made, modality = gan(), modalities.of(Motifs())
    (trick,) = made.tricks
    trick.prepare(made, None, modality, 0)
    logged = trick.round(made, 7, modality)
    kept = np.asarray(made.kept["feedback"])[: int(made.kept["feedback_count"])]
    assert all(score > 0.2 for score in by_letter(modality.texts(kept.astype(int))))
    assert len(kept) == min(4, round(4 * logged["feedback_share"]))
    assert 0 <= logged["feedback_score"] <= 1


@pytest.mark.parametrize(
    "trick, message",
    [
        ("feedback('scorer.pkl')", "names no scorer: give a .keras file"),
        (f"feedback('{SCORER}', memory=0)", r"feedback\(memory=0\): give a number from 1"),
    ],
)
def test_refuses_in_one_sentence(trick, message):
    with pytest.raises(UserError, match=message):
        TRICKS.build(trick)


def test_refuses_classes():
    with pytest.raises(UserError, match="leave out --conditional"):
        config = Config(dataset="sentences", conditional="projection", trick=(TRICK,)).resolve()
        build(config, (4, 3), ("singular", "plural"))


@pytest.mark.slow
def test_a_run_resumes_exactly(tmp_path):
    words = ["--dataset=motifs", "--width=2", "--batch_size=8", "--checkpoint_every=1steps"]
    words += [f"--trick=feedback('{SCORER}', threshold=0.2, every=1, samples=20, memory=30)"]

    def train(name, steps):
        argv = ["", *words, f"--steps={steps}", f"--run_dir={tmp_path / name}"]
        assert loop.train(flags.parse(Config, argv, "")[0].resolve()) == 0
        return TrainedRun(tmp_path / name)

    whole = train("whole", 4)
    cut(tmp_path / "whole", tmp_path / "parts", 2)
    parts = train("parts", 4)
    for mine, theirs in zip(parts.generator.get_weights(), whole.generator.get_weights()):
        np.testing.assert_array_equal(mine, theirs)
    log = (tmp_path / "whole" / "metrics.jsonl").read_text()
    assert log.count("feedback_share") == 4
