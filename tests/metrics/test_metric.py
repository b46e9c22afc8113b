"""What every metric keeps to."""

import dataclasses

import numpy as np
import pytest

from gan_tf import modalities
from gan_tf.data import glyphs
from gan_tf.data.motifs import Motifs, draw
from gan_tf.data.moving_digits import moving
from gan_tf.data.tones import Tones, notes
from gan_tf.errors import UserError
from gan_tf.metrics.metric import Sample
from gan_tf.modalities.audio import Audio
from gan_tf.modalities.video import Video
from gan_tf.registry import METRICS


def of_modality(modality):
    entries = METRICS.entries.items()
    return [name for name, each in entries if each.attributes["modalities"] == (modality,)]


OF_TOKENS, OF_SOUND, OF_VIDEO = map(of_modality, ("tokens", "audio", "video"))
SCORER = "tests.metrics.test_scored:share_of_a"
GOOD_WHERE_COLLAPSED = (  # a sample that all are the same as may be a good one
    *(
        "precision",
        "density",
        "style_accuracy",
        "grammatical",
        "motif_recall",
        "motif_precision",
        "nll_oracle",
        "gc",
        "charge",
        "hydrophobic_moment",
        "line_form",
        "rhyme",
        "scored",
        "pitch_accuracy",
        "harmonicity",
        "same_digit",
        "content_distance",
        "straightness",
        "bounces",
    ),
    *("bleu_2", "bleu_3", "bleu_4", "bleu_5", "nearest_sequence"),
)


class Known(Motifs):
    """A data set that knows everything of its samples."""

    rhymes = None
    features = "moving_glyph_classifier"
    pitches = Tones().pitches

    def nll(self, rows):
        return rows.mean(axis=1) + 1.0


def build(name, **options):
    source = Known()
    modality = Audio(8000) if name in OF_SOUND else modalities.of(source)
    modality = Video() if name in OF_VIDEO else modality
    known = {"source": source, "modality": modality, "scorer": SCORER}
    return METRICS.build(name, known | options)


def sample(count=60, seed=0, kind="varied", name=None):
    channels = METRICS.entry(name).attributes["channels"] if name else None
    made = pictures(count, seed, kind, channels[0] if channels else 1)
    if name and "labels" in METRICS.entry(name).attributes["needs"]:
        made = dataclasses.replace(made, labels=made.classes())
        if kind == "collapsed" and name == "class_kept":  # of the wrong classes, too
            made = dataclasses.replace(made, labels=np.arange(count) % 3)
    if name in OF_SOUND:
        random = np.random.default_rng(seed)
        pitches = Known.pitches[random.integers(0, 10, count)]
        clips = notes(pitches, 2000, 8000, random)
        clips = {"collapsed": clips[:1].repeat(count, axis=0), "black": 0 * clips}.get(kind, clips)
        return dataclasses.replace(made, samples=clips)
    if name in OF_VIDEO:
        random = np.random.default_rng(seed)
        digits, _ = glyphs.draw(count, (seed,))
        videos = moving(digits[:, ::2, ::2], 6, 24, (1.0, 3.0), random)
        videos = {"collapsed": videos[:1].repeat(count, axis=0), "black": 0 * videos}.get(
            kind, videos
        )
        return dataclasses.replace(made, samples=videos)
    if name not in OF_TOKENS:
        return made
    tokens = draw(count, seed + 5)["tokens"]
    if kind == "collapsed":
        tokens[:] = tokens[0]
    if kind == "black":
        tokens[:] = 0
    found = np.random.default_rng(seed).uniform(1, 2, 9) + 3 * (kind != "varied")
    return dataclasses.replace(made, samples=tokens, held_out_nll=found)


def pictures(count, seed, kind, channels):
    random = np.random.default_rng(seed)
    images = random.integers(0, 256, (count, 28, 28, channels), np.uint8)
    features = np.float32(random.normal(0, 1, (count, 8)))
    classes = random.integers(0, 3, count)
    if kind == "collapsed":
        images[:], features[:], classes[:] = images[0], features[0], 0
    if kind == "black":
        images[:], features[:] = 0, 0
    probabilities = np.float32(np.eye(3)[classes])
    cycles = np.full((count, 2), 0.1 if kind == "varied" else 0.4, np.float32)
    distances = random.uniform(1, 2, count) + 3 * (kind != "varied")
    return Sample(images, features, probabilities, cycles=cycles, path_distances=distances)


@pytest.mark.parametrize("name", METRICS.names())
def test_scores_are_finite_and_repeatable(name):
    metric = build(name, num_images=60)
    for kind in ("varied", "collapsed", "black"):
        score = metric(sample(name=name), sample(seed=1, kind=kind, name=name))
        assert np.isfinite(score.value), kind
        assert type(score.value) is float
        assert score.value >= 0 or name in ("kid", "charge")
        assert metric(sample(name=name), sample(seed=1, kind=kind, name=name)) == score
    black = sample(kind="black", name=name)
    assert np.isfinite(metric(black, black).value)


@pytest.mark.parametrize("name", METRICS.names())
def test_the_real_images_score_better_than_collapse_and_the_class_says_which_way(name):
    metric = build(name, num_images=60)
    good, bad = (
        metric(sample(name=name), sample(seed=seed, kind=kind, name=name)).value
        for seed, kind in ((0, "varied"), (1, "collapsed"))
    )
    if name not in GOOD_WHERE_COLLAPSED:
        assert good > bad if metric.higher_is_better else good < bad


@pytest.mark.parametrize("name", METRICS.names())
def test_reads_only_what_it_says(name):
    metric = build(name, num_images=60)
    whole = sample(name=name)
    of_samples = ("samples", "features", "probabilities", "labels", "cycles")
    parts = {
        field: getattr(whole, field) if field in (*metric.needs, "features") else None
        for field in (*of_samples, *whole.of_generator)
    }
    if "features" not in metric.needs:
        parts["features"] = np.full((60, 1), np.nan, np.float32)
    some = Sample(**parts)
    assert np.isfinite(metric(some, some).value)


@pytest.mark.parametrize("name", METRICS.names())
def test_too_few_images_are_refused_with_how_many_are_needed(name):
    metric = build(name)
    with pytest.raises(UserError, match=f"needs {metric.minimum} or more"):
        metric(sample(metric.minimum - 1, name=name), sample(metric.minimum - 1, name=name))
    with pytest.raises(UserError, match=r"needs \d+ or more"):
        METRICS.build(f"{name}({metric.minimum - 1})")


def test_a_sample_can_be_cut():
    cut = sample()[:7]
    assert len(cut) == 7 and cut.samples.shape == (7, 28, 28, 1) and cut.labels is None
