"""Parts of streams of samples."""

from gan_tf.sampling.formats.format import Generated


def first(count, stream):
    """The first so many images of a stream."""
    parts = []
    for made in stream:
        parts.append(made)
        if sum(map(len, parts)) >= count:
            return Generated.concatenate(parts)[:count]
