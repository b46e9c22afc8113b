"""The examples that the run of a translation keeps for the page: samples/source-00.png, target-00.png."""

from gan_tf.files.atomic_write import write

COUNT = 16  # at most
PARTS = ("source", "target")


def name(part, index, suffix=".png"):
    """Returns the file name, in the folder of samples, of one of `PARTS` of an example."""
    return f"{part}-{index:02d}{suffix}"


def keep(run, examples, modality):
    """Writes the first examples to a run directory.

    Args:
        run: the `RunDir`.
        examples: `Examples` of pairs, or of two domains, which the run is not trained on where there are
            such.
        modality: of both.
    """
    for part, samples in zip(PARTS, (examples.sources, examples.samples)):
        for index, sample in enumerate(samples[:COUNT]):
            content = modality.snapshot(sample[None])
            write(run.samples / name(part, index, modality.snapshot_suffix), content)
