"""Scores as a table, as JSON and as a plot."""

import dataclasses
import io
import pathlib

from gan_tf.files.atomic_write import write
from gan_tf.registry import METRICS
from gan_tf.runs import metrics_log

_EXPLAINED = {
    "noise": "others of the data set, noise is uniform; both are",
    "sources": "other targets, sources are untranslated; both are",
}
LIKE_DATA = "as real"  # a metric whose best value is that of the data


@dataclasses.dataclass(frozen=True)
class Report:
    """The scores of one run or folder.

    Attributes:
        name: the folder.
        step: of the checkpoint; None for a folder of images.
        features: name and digest of the feature extractor.
        plural: what the samples are called.
        baseline: what the ceilings are the scores of, "noise" or a translation's "sources".
        direction: of a run that translates both ways; None: it has one.
        results: {metric name: `gan_tf.evaluation.evaluator.Result`}.
    """

    name: str
    step: int | None
    features: str
    results: dict
    plural: str = "images"
    baseline: str = "noise"
    direction: str | None = None

    def to_json(self):
        """Returns the content for --json, without fields that are None."""
        metrics = {
            name: {key: value for key, value in vars(each).items() if value is not None}
            for name, each in self.results.items()
        }
        facts = {"name": self.name, "step": self.step, "direction": self.direction}
        facts |= {"features": self.features}
        return {key: value for key, value in facts.items() if value is not None} | {
            "metrics": metrics
        }


def table(reports):
    """Returns the scores of one or more `Report`s as a text table, one metric per line.

    Scores of real images and of noise, and the number of samples, are those of the first report;
    runs on other data, for which they differ, have tables of their own (see `score_runs`).
    """
    results = reports[0].results
    columns = [["", *results]]
    for report in reports:
        step = "" if report.step is None else f" @{report.step:,}"
        way = f" {report.direction}" if report.direction else ""
        columns.append([report.name + step + way, *map(_value, report.results.values())])
    columns += [
        [
            f"real {reports[0].plural}",
            *(_bound(each.floor) for each in results.values()),
        ],
        [reports[0].baseline, *(_bound(each.ceiling) for each in results.values())],
        ["better", *map(direction, results)],
        ["samples", *(f"{each.n:,}" for each in results.values())],
    ]
    widths = [max(map(len, column)) for column in columns]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip()
        for row in zip(*columns)
    ]
    notes = [
        f"Features: {reports[0].features}. Real {reports[0].plural} are {_EXPLAINED[reports[0].baseline]}",
        "scored like the samples.",
    ]
    if LIKE_DATA in map(direction, results):
        notes.append(
            f"{LIKE_DATA}: best is the value of the real {reports[0].plural}, neither higher nor lower."
        )
    return "\n".join([*lines, *notes])


def plot(runs, path):
    """Plots the scores that runs logged during training, one panel per metric.

    Args:
        runs: `RunDir`s, some of which have logged scores (see `request.check_plot`).
        path: the file, whose name ends in .png, .svg or .pdf.
    """
    import matplotlib  # imported here because it takes a second

    matplotlib.use("Agg")
    from matplotlib import pyplot

    logged = {
        name: {run: scores for run in runs if (scores := metrics_log.read(run.metrics, name))}
        for name in METRICS.names()
    }
    panels = {name: by_run for name, by_run in logged.items() if by_run}
    figure, axes = pyplot.subplots(
        len(panels), figsize=(7, 3 * len(panels)), squeeze=False, layout="constrained"
    )
    for (name, by_run), axis in zip(panels.items(), axes[:, 0]):
        for run, scores in by_run.items():
            axis.plot(*zip(*scores), marker=".", label=str(run.path))
        axis.set(xlabel="training step", ylabel=f"{name} (better: {direction(name)})")
        axis.grid(alpha=0.3)
        axis.legend()
    picture = io.BytesIO()
    figure.savefig(picture, format=pathlib.Path(path).suffix[1:].lower(), dpi=120)
    pyplot.close(figure)
    write(path, picture.getvalue())


def _bound(value):
    return "-" if value is None else f"{value:.4g}"


def _value(result):
    error = "" if result.standard_error is None else f" ± {result.standard_error:.1g}"
    return f"{result.value:.4g}{error}"


def direction(name):
    """Returns which values of a metric are better: "higher", "lower" or `LIKE_DATA`."""
    if METRICS.entry(name).attributes["best_is_data"]:
        return LIKE_DATA
    return "higher" if METRICS.entry(name).attributes["higher_is_better"] else "lower"
