"""Videos with more or fewer frames than those a run was trained on (--frames)."""

import math

from gan_tf.errors import UserError
from gan_tf.registry import ARCHITECTURES

_MOST_VALUES = 1 << 23  # of a video


def check(run, frames):
    """Checks that a run makes videos of so many frames, without loading it.

    Args:
        run: the `RunDir`.
        frames: how many; None: as many as it was trained on.

    Returns:
        The shape of one sample.

    Raises:
        UserError: when it does not.
    """
    trained, *shape = run.read_data()["sample_shape"]
    if frames is None:
        return (trained, *shape)
    config = run.config()
    if config.modality_name != "video":
        raise UserError(
            f"--frames={frames} is for paths through the latents and for videos: leave it out, or give "
            "--interpolate or --walk."
        )
    architecture = ARCHITECTURES.entry(config.arch)
    if frames != trained and not architecture.attributes["extends"]:
        able = [e.name for e in ARCHITECTURES.entries.values() if e.attributes.get("extends")]
        raise UserError(
            f"--frames={frames}: the generator '{architecture.name}' makes {trained} frames: leave it out, "
            f"or give a run of {' or '.join(able)}."
        )
    most = _MOST_VALUES // math.prod(shape)
    if frames > max(most, trained):
        raise UserError(
            f"--frames={frames}: of this size, videos have at most {most:,}: give less."
        )
    return (frames, *shape)


def lengthen(trained, frames):
    """Makes a `TrainedRun` generate videos of so many frames; None: it stays as it is.

    Fewer samples are computed at once, so that no more memory is needed.
    """
    if frames in (None, trained.sample_shape[0]):
        return
    from gan_tf.gans import build  # here, so that flags can be checked without TensorFlow
    from gan_tf.runtime import precision
    from gan_tf.runtime.fixed_batch import FixedBatchModel

    before, *shape = trained.sample_shape
    trained.sample_shape = (frames, *shape)
    seen = trained.modality.network_shape(trained.sample_shape)
    spec = build.network_spec(trained.config, seen, len(trained.label_names))
    with precision.policy(precision.resolve(trained.config.precision)):
        network = trained.kind.network(trained.generator_name, spec)
    network.set_weights(trained.generator.get_weights())
    trained.generator = network
    trained.latent_dim = network.inputs[0].shape[-1]
    trained.chunk = max(1, trained.chunk * before // max(frames, before))
    trained.generate = FixedBatchModel(network)
