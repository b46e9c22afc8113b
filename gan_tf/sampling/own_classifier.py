"""The classifier that comes with a run's data set, found before TensorFlow is imported."""

import dataclasses

from gan_tf.errors import UserError
from gan_tf.registry import CONDITIONINGS, DATASETS, FEATURES


def find(config):
    """Returns the spec of the features that classify the data set of a `Config`; None without any."""
    spec = DATASETS.entry(config.dataset).attributes.get("classifier")
    spec = spec or dataclasses.replace(config, features=None).feature_spec()
    return spec if FEATURES.entry(spec).attributes.get("classifies") else None


def check(config):
    """Checks that --classifier=auto finds one.

    Raises:
        UserError: when neither the data set nor the discriminator of a `Config` has a classifier.
    """
    conditioning = config.conditional and CONDITIONINGS.entry(config.conditional).attributes
    classifies = config.semi_supervised or (conditioning and conditioning.get("trick"))
    if not (find(config) or classifies):
        raise UserError(
            f"No classifier is known for the data set '{config.dataset}': give a .keras file with "
            "--classifier=..."
        )
