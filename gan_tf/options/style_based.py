"""Which architectures have a space of styles; read without importing TensorFlow."""

from gan_tf.registry import ARCHITECTURES


def has_styles(config):
    """Returns whether the generator of a `Config` is style-based."""
    return bool(ARCHITECTURES.entry(config.arch).attributes.get("styles"))


def style_based():
    """Returns the names of the architectures of such generators, in order."""
    entries = ARCHITECTURES.entries.values()
    return sorted(each.name for each in entries if each.attributes.get("styles"))
