"""Dry runs: check the flags and describe the run, without training."""

from gan_tf import modalities
from gan_tf.data import build as datasets
from gan_tf.data.source import source_shape
from gan_tf.gans.build import Parts
from gan_tf.messages import show
from gan_tf.options.labels import check_classes
from gan_tf.runs.preflight import check_count
from gan_tf.training.loop import Schedule
from gan_tf.training.setup import set_up


def dry_run(config):
    """Prints what `train` would do; reads no samples and writes nothing. Returns 0."""
    config = set_up(config)
    parts = Parts.of(config)
    source = datasets.build(config)
    for note in source.notes:
        show(note)
    check_classes(config, len(source.label_names))
    show("\n".join(config.to_flags()))
    schedule = Schedule.of(config, source.num_examples)
    total_steps = max(1, schedule.total_steps)
    modality = modalities.of(source)
    shape = modality.network_shape(source.sample_shape)
    gan = parts.gan(shape, source.label_names, total_steps, source_shape(source))
    for name in gan.network_names:
        gan.networks[name].summary()
    show(f"Run directory: {config.run_dir}")
    check_count(config, source, source.num_examples)
    # Sizes of classes are known only after reading the samples.
    at_most = "at most " if config.classes or config.leave_out else ""
    show(
        f"{source.name}: {at_most}{source.num_examples:,} {modality.plural} of "
        f"{modality.describe(source.sample_shape)}; an epoch is {schedule.steps_per_epoch:,} steps "
        f"of {schedule.samples_per_step}, the run {schedule.total_steps:,} steps."
    )
    if schedule.warning:
        show(schedule.warning)
    return 0
