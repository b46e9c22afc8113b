"""The training record of a run directory, for the page."""

import math
import os
import re

from gan_tf.evaluation.report import direction
from gan_tf.files.json_file import read_json
from gan_tf.runs import kept_scores, metrics_log

POINTS = 400  # of a curve, at most about
_FINDINGS, _SNAPSHOTS = 1000, 10_000
_SNAPSHOT = re.compile(r"step-([0-9]{8,18})\.(?:png|txt)")

_CYCLES = ("cycle_loss", "identity_loss")
_DIRECTIONS = ("a_to_b", "b_to_a")
_CHARTS = (
    ("Losses", ("generator_loss", "discriminator_loss", "penalty", *_CYCLES)),
    ("Probability of being real", ("real_probability", "fake_probability")),
    ("Logits", ("real_logit", "fake_logit")),
    ("Accuracy of the discriminator", ("real_accuracy", "fake_accuracy")),
    ("Gradient norms", ("generator_gradient_norm", "discriminator_gradient_norm")),
    ("Samples (real ones: 1)", ("diversity", "class_diversity", "distance")),
    ("Checkerboard (real ones: 1)", ("checkerboard",)),
    ("Sequences (real ones: 0)", ("repeated", "unseen_ngrams")),
    ("Held-out sequences (nats per token)", ("held_out_nll",)),
    ("Sound (real clips: 0)", ("silent", "clipped", "offset", "one_tone")),
    ("Videos (real ones: 1)", ("motion", "variety")),
    ("Flicker (real videos: 0)", ("flicker",)),
)


def charts(run):
    """Returns the curves of a run; [] if nothing was logged.

    Args:
        run: a `RunDir`.

    Returns:
        [{"title", "lines": [{"name", "points": [[step, value]]}]}]; related values share a
        chart. Long curves are thinned to every k-th point, and the last.
    """
    series = {}
    for row in metrics_log.rows(run.metrics):
        for name, value in row.items():
            finite = isinstance(value, int | float) and math.isfinite(value)
            if finite and name not in ("step", "epoch"):
                series.setdefault(name, []).append([row["step"], value])
    groups = [*_CHARTS]
    for each in _DIRECTIONS:
        groups += [(f"{title}: {each}", [f"{n}_{each}" for n in names]) for title, names in _CHARTS]
    known = {name for _, names in groups for name in names}
    groups += [(name, (name,)) for name in series if name not in known]
    found = []
    for title, names in groups:
        lines = [
            {"name": each, "points": _thinned(series[each])} for each in names if each in series
        ]
        if lines:
            found.append({"title": title, "lines": lines})
    return found


def health(run):
    """Returns what health.json says; None if there is none.

    Returns:
        {"state", "verdict", "step", "findings"}; the state is "unhealthy", "not judged",
        "healthy so far" (too early to assess the samples) or "healthy".
    """
    try:
        facts = read_json(run.health)
        verdict, findings = str(facts["verdict"]), list(facts["findings"])[-_FINDINGS:]
        active = any(each["until"] is None for each in findings)
        unsure = [each for each in ("not judged", "healthy so far") if verdict.startswith(each)]
        return {
            "state": "unhealthy" if active else (*unsure, "healthy")[0],
            "verdict": verdict,
            "step": int(facts["step"]),
            "findings": [
                {key: each[key] for key in ("name", "since", "until", "evidence", "advice")}
                for each in findings
            ],
        }
    except (OSError, ValueError, KeyError, TypeError):
        return None


def scores(run):
    """Returns what `gan_tf.evaluate` has computed of a run, newest first.

    Returns:
        [{"title", "rows": [[metric, value, real images', noise's, which is better]]}].
    """
    found = []
    for entry in reversed(kept_scores.read(run)):
        chosen = kept_scores.sampling(entry)
        title = ", ".join([f"Step {entry['step']:,}", *chosen, entry["features"]])
        rows = [
            [name, *(each.get(key) for key in ("value", "floor", "ceiling")), direction(name)]
            for name, each in entry["metrics"].items()
        ]
        found.append({"title": title, "rows": rows})
    return found


def snapshots(run):
    """Returns the steps that have a sample grid, ascending, at most the last 10,000."""
    try:
        names = os.listdir(run.samples)
    except OSError:
        return []
    found = map(_SNAPSHOT.fullmatch, names)
    return sorted(int(each[1]) for each in found if each)[-_SNAPSHOTS:]


def _thinned(points):
    stride = -(-len(points) // POINTS)
    kept = points[::stride]
    return kept if kept[-1] == points[-1] else [*kept, points[-1]]
