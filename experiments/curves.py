"""Plots what a run logged, side by side: `python -m experiments.curves --run_dir=... --out=curves.png`.

The plots of healthy runs in docs/ are made by it.
"""

import dataclasses
import io

from gan_tf.errors import UserError
from gan_tf.files.atomic_write import write
from gan_tf.options import flags
from gan_tf.options.option import check, option
from gan_tf.runs import metrics_log
from gan_tf.runs.run_dir import RunDir

PANELS = (  # without --panel, those of which a run has values
    "discriminator_loss:generator_loss",
    "real_logit:fake_logit",
    "real_probability:fake_probability",
    "discriminator_gradient_norm:generator_gradient_norm",
    "diversity:class_diversity",
)


@dataclasses.dataclass(frozen=True)
class Options:
    """What to plot; every field is documented by its own text."""

    run_dir: str | None = option(None, "Options", "the training run", path=True)
    panel: tuple = option(
        (),
        "Options",
        "logged values that share a panel, such as fid, or real_logit:fake_logit; default: losses, "
        "logits or probabilities, gradient norms, diversity",
    )
    out: str | None = option(None, "Output", "the picture, a PNG file", path=True)


def main(argv):
    """Writes the picture; returns the exit status."""
    options, _ = flags.parse(Options, argv, "Plots what a run logged.")
    check(options)
    if not (options.run_dir and options.out):
        raise UserError("Give a run with --run_dir, and the picture with --out.")
    found = metrics_log.rows(RunDir(options.run_dir).metrics)
    panels = panels_of(found, [each.split(":") for each in options.panel])
    if not panels:
        raise UserError(f"'{options.run_dir}' has logged none of these values.")
    write(options.out, plot(panels))
    return 0


def panels_of(found, wanted=()):
    """Returns [{name: [(step, value)]}], a dict for each panel, of those that have a value.

    Args:
        found: the rows of a run's log.
        wanted: lists of names that share a panel; default: `PANELS`.
    """
    panels = []
    for names in wanted or [each.split(":") for each in PANELS]:
        panel = {name: [(row["step"], row[name]) for row in found if name in row] for name in names}
        panels.append({name: points for name, points in panel.items() if points})
    return [panel for panel in panels if panel]


def plot(panels):
    """Returns a PNG of panels side by side, see `panels_of`."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3.2 * len(panels), 2.6), dpi=100, layout="constrained")
    for axes, panel in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels):
        for name, points in panel.items():
            axes.plot(*zip(*points), label=name.replace("_", " "), linewidth=1)
        axes.set_xlabel("step")
        axes.grid(alpha=0.3)
        axes.legend(fontsize="small")
    content = io.BytesIO()
    figure.savefig(content, format="png")
    return content.getvalue()


if __name__ == "__main__":
    flags.run(main)
