"""The training record of a run directory, for the page."""

import json
import math

from gan_tf.runs import metrics_log

POINTS = 400  # of a curve, at most about

_CHARTS = (
    ("Losses", ("generator_loss", "discriminator_loss", "penalty")),
    ("Probability of being real", ("real_probability", "fake_probability")),
    ("Logits", ("real_logit", "fake_logit")),
    ("Accuracy of the discriminator", ("real_accuracy", "fake_accuracy")),
    ("Gradient norms", ("generator_gradient_norm", "discriminator_gradient_norm")),
    ("Samples (real images: 1)", ("diversity", "class_diversity", "distance")),
    ("Checkerboard (real images: 1)", ("checkerboard",)),
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
    known = {name for _, names in _CHARTS for name in names}
    groups = [*_CHARTS, *((name, (name,)) for name in series if name not in known)]
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
        facts = json.loads(run.health.read_text())
        verdict, findings = str(facts["verdict"]), list(facts["findings"])
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


def snapshots(run):
    """Returns {step: path} of the sample grids, ascending."""
    found = {}
    for path in run.samples.glob("step-*.png") if run.samples.is_dir() else ():
        step = path.stem.removeprefix("step-")
        if step.isdecimal() and _is_own(path):
            found[int(step)] = path
    return dict(sorted(found.items()))


def reals(run):
    """Returns the path of the sheet of real images, or None."""
    path = run.samples / "reals.png"
    return path if _is_own(path) else None


def _is_own(path):
    """Whether it is a file in the run directory itself, not a link."""
    return path.is_file() and not path.is_symlink()


def _thinned(points):
    stride = -(-len(points) // POINTS)
    kept = points[::stride]
    return kept if kept[-1] == points[-1] else [*kept, points[-1]]
