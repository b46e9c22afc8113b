"""The fixed batch size of networks at inference, independent of the number of samples."""

CHUNK = 100


def chunks(count, size=CHUNK):
    """Returns slices of `size` rows that together hold `count` rows, at least one slice."""
    return [slice(at, at + size) for at in range(0, max(count, 1), size)]
