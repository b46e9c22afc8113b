"""The interface of a page, and the choice of the one for a run."""

import abc
import pathlib
import re

from gan_tf.errors import UserError
from gan_tf.options.modality import check_samples
from gan_tf.registry import DATASETS, GANS, PAGES

TEMPLATES = pathlib.Path(__file__).parent.parent / "templates"


class Page(abc.ABC):
    """What the browser shows of runs whose generators sample from the same thing.

    An entry of `PAGES`. The server adds what all pages share: the facts about the run, its training
    record, the checks of requests. Its class attributes are literals, read without importing TensorFlow:
        source: what the generator makes samples from, as kinds of GAN declare it: "latent", "example".
        modalities: the names of the modalities of its samples.
        writes: whether the run's data draw the characters of a text, which the page translates, default
            false. Of such data, it precedes a page that does not.
        takes_labels: whether it shows generators that take labels, default true.
        template: the HTML file, in gan_tf/explorer/templates; it extends `base.html`.
        max_body: the most bytes of a request's body, default 16 KB.
        policy: directives added to the Content-Security-Policy, default none.

    Args:
        trained: the `gan_tf.runs.trained_run.TrainedRun` to show.

    Attributes:
        trained: that.
        name: the name of the run.
    """

    source = None
    modalities = ()
    writes = False
    takes_labels = True
    template = None
    max_body = 1 << 14
    policy = ""

    def __init__(self, trained):
        self.trained = trained
        self.name = trained.run.path.resolve().name

    @abc.abstractmethod
    def facts(self):
        """Returns what its script needs to know of the run: a dict, part of /api/run."""

    @abc.abstractmethod
    def serve(self, application):
        """Adds its requests to a `flask.Flask`."""

    def file_name(self, rest):
        """Returns a name for a download: the run's, without unsafe characters, and the rest."""
        return re.sub(r"[^\w.-]+", "_", self.name, flags=re.ASCII) + rest


def choose(config):
    """Returns the name of the page for runs of a `Config`.

    Raises:
        UserError: when there is none.
    """
    kind = GANS.entry(config.gan)
    source = kind.attributes["source"]
    writes = DATASETS.entry(config.dataset).attributes.get("draws_text", False)
    pages = {
        name: each.attributes
        for name, each in PAGES.entries.items()
        if each.attributes["source"] == source and each.attributes["writes"] <= writes
    }
    if not pages:
        raise UserError(
            f"gan_tf.explore has no page for runs of --gan={kind.name}: give another run."
        )
    shown = set().union(*(each["modalities"] for each in pages.values()))
    check_samples("gan_tf.explore", sorted(shown), config)
    fitting = [name for name, each in pages.items() if config.modality_name in each["modalities"]]
    chosen = max(fitting, key=lambda name: pages[name]["writes"])
    if config.conditional and not pages[chosen]["takes_labels"]:
        raise UserError(
            f"gan_tf.explore shows translations with labels of fonts only, and this run is of "
            f"{config.dataset}: use gan_tf.translate."
        )
    return chosen
