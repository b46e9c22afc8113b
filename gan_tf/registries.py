"""The registries, one for each axis along which a run can be varied.

They stand here, and not with their entries, so that flags can be checked and help can
be printed without importing TensorFlow.
"""

from gan_tf.registry import Registry

DATASETS = Registry("data set", "gan_tf.data", "DATASETS")
ARCHITECTURES = Registry("architecture", "gan_tf.networks", "ARCHITECTURES")
LOSSES = Registry("loss", "gan_tf.losses", "LOSSES")
OPTIMIZERS = Registry("optimizer", "gan_tf.optimizers", "OPTIMIZERS")
