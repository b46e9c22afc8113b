"""The registries, one for each axis along which a run can be varied.

They stand here, and not with their entries, so that flags can be checked and help can
be printed without importing TensorFlow.
"""

from gan_tf.registry import Registry

DATASETS = Registry("data set", "gan_tf.data", "DATASETS")
ARCHITECTURES = Registry("architecture", "gan_tf.networks", "ARCHITECTURES")
LOSSES = Registry("loss", "gan_tf.losses", "LOSSES")
PENALTIES = Registry("penalty", "gan_tf.penalties", "PENALTIES")
CONDITIONINGS = Registry("conditioning", "gan_tf.networks.conditioning", "CONDITIONINGS")
TRICKS = Registry("trick", "gan_tf.tricks", "TRICKS")
PRIORS = Registry("prior", "gan_tf.priors", "PRIORS")
OPTIMIZERS = Registry("optimizer", "gan_tf.optimizers", "OPTIMIZERS")
FEATURES = Registry("feature extractor", "gan_tf.features", "FEATURES")
METRICS = Registry("metric", "gan_tf.metrics", "METRICS")
FORMATS = Registry("format", "gan_tf.formats", "FORMATS")
REJECTIONS = Registry("way to reject", "gan_tf.rejection", "REJECTIONS")
OBJECTIVES = Registry("objective", "gan_tf.inversion.objectives", "OBJECTIVES")
TASKS = Registry("task", "gan_tf.inversion.tasks", "TASKS")
MASKS = Registry("mask", "gan_tf.inversion.masks", "MASKS")
EXPORTERS = Registry("export format", "gan_tf.exporters", "EXPORTERS")
STRATEGIES = Registry("strategy", "gan_tf.strategies", "STRATEGIES")
