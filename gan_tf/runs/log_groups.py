"""The groups of logged values, under which TensorBoard shows them."""

from gan_tf.registry import METRICS

_DIRECTIONS = ("_a_to_b", "_b_to_a")  # the endings of values of one of two translations
_SAMPLES = ("diversity", "class_diversity", "within_class_diversity", "distance", "checkerboard")
_SAMPLES += ("repeated", "unseen_ngrams", "held_out_nll")  # of sequences
_SAMPLES += ("silent", "clipped", "offset", "one_tone")  # of sound
_SAMPLES += ("motion", "flicker", "variety")  # of videos


def group(name):
    """Returns the group of a logged value.

    Args:
        name: of the value, such as "generator_loss".

    Returns:
        "losses", "discriminator" (its outputs), "gradients", "samples" (what health measures),
        "scores" or "others".
    """
    for direction in _DIRECTIONS:
        name = name.removesuffix(direction)
    if name in METRICS.entries or name == "test_accuracy":
        return "scores"
    if name in _SAMPLES:
        return "samples"
    if name.endswith("gradient_norm"):
        return "gradients"
    if name.endswith("loss") or name == "penalty":
        return "losses"
    return "discriminator" if name.startswith(("real_", "fake_")) else "others"


def tag(name):
    """Returns the name of a logged value in TensorBoard, such as "losses/generator_loss"."""
    return f"{group(name)}/{name}"
