"""What metrics need of the data set, the generator and the features, and errors where they lack it."""

from gan_tf.errors import UserError
from gan_tf.options.style_based import has_styles, style_based
from gan_tf.registry import DATASETS, GANS, METRICS


def generator_knows(config):
    """Returns what metrics can need that the generators of a `Config` have, a tuple of names."""
    styles = ("styles",) if has_styles(config) else ()
    return (*GANS.entry(config.gan).attributes["knows"], *styles)


def unknown_distribution(metric):
    """Returns the `UserError` for a metric that needs what neither data set nor generator knows."""
    needed = set(METRICS.entry(metric).attributes["knows"])
    if "styles" in needed:
        return UserError(
            f"The metric '{metric}' needs a generator with a space of styles: give a run of "
            f"--arch={' or '.join(style_based())}, or leave it out."
        )
    kinds = [each.name for each in GANS.entries.values() if needed & set(each.attributes["knows"])]
    if kinds:
        return UserError(
            f"The metric '{metric}' needs a generator whose likelihoods are known: give a run of "
            f"--gan={' or '.join(kinds)}, or leave it out."
        )
    if "rhymes" in needed:
        return UserError(
            f"The metric '{metric}' needs --dataset=text_file with --rhymes, a file of which words rhyme: "
            "give both, or leave it out."
        )
    known = {each.name: each.attributes.get("knows", ()) for each in DATASETS.entries.values()}
    able = sorted(name for name, facts in known.items() if needed <= set(facts))
    return UserError(
        f"The metric '{metric}' needs what only some data sets know of samples: give one of "
        f"--dataset={', '.join(able)}, or leave it out."
    )


def no_classifier(metric, features):
    """Returns the `UserError` for a metric that needs a classifier, of features that are none."""
    return UserError(
        f"The metric '{metric}' needs the classes of a classifier, and --features={features} is not "
        "one: leave it out, or choose --features=mnist_classifier or another classifier."
    )
