"""The training data: loading, checks, and the input of `fit`."""

from gan_tf import modalities
from gan_tf.data import build as datasets
from gan_tf.data import left_out, pipeline
from gan_tf.data.represented import measured
from gan_tf.files.atomic_write import write
from gan_tf.messages import show
from gan_tf.options.labels import check_classes
from gan_tf.registry import GANS
from gan_tf.runs.preflight import check_count


def load(config, run, workers):
    """Decodes the data set, reports unreadable files, and checks that it fills a batch.

    Args:
        config: the resolved `Config`.
        run: the `RunDir`.
        workers: the `Workers`; the first prepares the data while the others wait.

    Returns:
        The data set (see `gan_tf.data`), and its decoded `Examples`.

    Raises:
        UserError: when it cannot be read, has too few samples, lacks labels, or is not what the run
            was started on.
    """
    if not workers.chief:
        workers.gather(0)
    before = run.read_data() if run.flags.exists() else {}
    source = datasets.build(config, before.get("label_names"))
    told = _tell(source.notes)
    check_classes(config, len(source.label_names))
    data = measured(
        pipeline.load(source, config.cache_mb << 20, config.cache_dir), before.get("traits")
    )
    _tell(source.notes[told:])
    _report(source, data, run)
    run.write_data(data, source.content(data.skipped))
    check_count(config, source, min(map(len, data.domains)))
    if workers.chief:
        workers.gather(0)
    return source, data


def feed(config, data, workers, samples_per_step, first_step):
    """Returns the input of `fit` from a step on, for the devices of this worker."""
    form = GANS.entry(config.gan).attributes["form"]

    def batches(rows):
        return pipeline.batches(
            data,
            samples_per_step,
            config.seed,
            first_step,
            config.flip,
            config.jitter,
            rows,
            form,
        )

    return workers.feed(batches, samples_per_step, config.discriminator_steps)


def _tell(notes):
    """Prints sentences, each on its own line; returns how many."""
    for note in notes:
        show(note)
    return len(notes)


def _report(source, data, run):
    """Prints what was read, and lists unreadable files."""
    modality = modalities.of(data)
    if data.skipped:
        listing = "".join(f"{file!r}: {reason}\n" for file, reason in data.skipped)
        write(run.skipped, listing.encode(errors="replace"))
        where = f"All are listed in '{run.skipped}'."
        show(" ".join([*left_out.sentences(data.skipped, modality.plural), where]))
    shape = modality.describe(data.samples.shape[1:])
    count = len(data.label_names)
    labels = f", {count} label{'s' * (count > 1)}" if count else ""
    counts = " and ".join(f"{len(each):,}" for each in data.domains[::-1])
    show(f"{source.name}: {counts} {modality.plural} of {shape}{labels}.")
