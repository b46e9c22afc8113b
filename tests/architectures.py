"""The architectures by what their generators take and make."""

from gan_tf.registry import ARCHITECTURES


def taking(source):
    """The names of the architectures whose generators take "latent", "example" or "noise"."""
    entries = ARCHITECTURES.entries.values()
    return sorted(each.name for each in entries if each.attributes["source"] == source)


def shape_for(arch, image=(28, 28, 1)):
    """The shape of a small sample that an architecture makes, as networks see it.

    Args:
        arch: its spec.
        image: the shape if it makes images.
    """
    modalities = ARCHITECTURES.entry(arch).attributes["modalities"]
    return {("tokens",): (5, 3), ("audio",): (40, 1)}.get(modalities, image)
