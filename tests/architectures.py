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
    small = {("tokens",): (5, 3), ("audio",): (40, 1), ("video",): (4, *image)}
    return small.get(modalities, image)


def logits_of(arch):
    """How many logits the discriminator of an architecture has: one for each that it consists of."""
    return {"mocogan": 2}.get(ARCHITECTURES.entry(arch).name, 1)


def together(arguments, values):
    """Options of an architecture so that each value is in one of them: few networks test them all.

    Args:
        arguments: those of its registry entry.
        values: {name: values} to try; the default is left out, and so are other names.

    Returns:
        dicts, the n-th of the n-th value of each argument that has as many.
    """
    tried = {
        each.name: [value for value in values[each.name] if value != each.default]
        for each in arguments
        if each.name in values
    }
    count = max(map(len, tried.values()), default=0)
    return [
        {name: found[row] for name, found in tried.items() if row < len(found)}
        for row in range(count)
    ]
