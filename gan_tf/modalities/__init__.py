"""Modalities: how a kind of sample is stored, scaled, displayed and written; one file each.

A data set names its modality in the class attribute `modality`, and says in `traits` what the
modality must know of the data besides their shape, such as a vocabulary; all other code uses the
object `of(data)`. `gan_tf.modalities.modality` documents the contract, and
`gan_tf.modalities.representation` that of what networks see instead of samples.
"""

from gan_tf.options.modality import built


def of(data):
    """Returns the `Modality` of a data set, or of its `Examples`."""
    return built(data.modality, data.traits)
