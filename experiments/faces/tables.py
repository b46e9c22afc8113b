"""Tables and a plot of scores over minutes of training."""

import io
import statistics

from experiments import rows

_SCORES = {  # key of a row: title, of the last minutes that all have
    "recall": "recall",
    "coverage": "coverage",
    "copies": "closer to a training image than 99 % of others",
}

_LABELED = [a * 10**b for b in range(-2, 4) for a in (1, 2, 5)]  # values of FID


def tables(task, found):
    """Returns Markdown tables, lists of lines: scores by minutes and, if there are goals, their minutes.

    Args:
        task: a `recipes.Task`.
        found: its rows.
    """
    made = [_by_minutes(task, found)]
    return [*made, _goals(task, found)] if task.goals else made


def _by_minutes(task, found):
    minutes = sorted({row["minutes"] for row in found})
    heads = [task.title, *(f"FID, {each:g} min" for each in minutes)]
    heads += [*_SCORES.values(), "images seen", "seeds"]
    lines = [_line(heads), "|" + "---|" * len(heads)]
    for name in _names(task, found):
        of_name = [row for row in found if row["name"] == name]
        fids = [[row["fid"] for row in of_name if row["minutes"] == each] for each in minutes]
        last = [row for row in of_name if row["minutes"] == of_name[-1]["minutes"]]
        cells = [rows.cell(each) if each else "" for each in fids]
        cells += [rows.cell([row[key] for row in last]) for key in _SCORES]
        seen = statistics.mean(row["images"] for row in last)
        lines.append(_line([name, *cells, f"{seen:,.0f}", len(last)]))
    return lines


def _goals(task, found):
    heads = [task.title, *(f"minutes to FID {each:g}" for each in task.goals), "seeds"]
    lines = [_line(heads), "|" + "---|" * len(heads)]
    for name in _names(task, found):
        of_name = [row for row in found if row["name"] == name]
        seeds = sorted({row["seed"] for row in of_name})
        cells = []
        for goal in task.goals:
            reached = [
                reached_after([row for row in of_name if row["seed"] == seed], goal)
                for seed in seeds
            ]
            cells.append("" if None in reached else rows.cell(reached))
        lines.append(_line([name, *cells, len(seeds)]))
    return lines


def reached_after(found, goal):
    """Returns the first minutes of a run's rows at which FID is at most the goal; None: never."""
    reached = [row["minutes"] for row in found if row["fid"] <= goal]
    return min(reached, default=None)


def plot(task, found):
    """Returns a PNG: FID over minutes of training, both logarithmic, a line for each recipe."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 5), dpi=120, layout="constrained")
    axes = figure.subplots()
    for name in _names(task, found):
        values = {}
        for row in found:
            if row["name"] == name:
                values.setdefault(row["minutes"], []).append(row["fid"])
        points = sorted((minutes, statistics.mean(each)) for minutes, each in values.items())
        axes.plot(*zip(*points), marker="o", label=name)
    axes.set(
        xscale="log", yscale="log", xlabel="minutes of training", ylabel="FID", title=task.title
    )
    minutes = sorted({row["minutes"] for row in found})
    axes.set_xticks(minutes, [f"{each:g}" for each in minutes], minor=False)
    low, high = axes.get_ylim()
    values = [each for each in _LABELED if low <= each <= high]
    if len(values) > 1:
        axes.set_yticks(values, [f"{each:g}" for each in values], minor=False)
    axes.minorticks_off()
    axes.grid(alpha=0.3)
    axes.legend()
    content = io.BytesIO()
    figure.savefig(content, format="png")
    return content.getvalue()


def _names(task, found):
    """The names that have rows, in the task's order."""
    there = {row["name"] for row in found}
    return [each for each in (*task.recipes, *task.peers) if each in there]


def _line(cells):
    return f"| {' | '.join(map(str, cells))} |"
