"""The architectures by what their generators take."""

from gan_tf.registry import ARCHITECTURES


def taking(source):
    """The names of the architectures whose generators take "latent" or "example"."""
    entries = ARCHITECTURES.entries.values()
    return sorted(each.name for each in entries if each.attributes["source"] == source)
