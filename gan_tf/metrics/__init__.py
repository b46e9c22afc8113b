"""Metrics: one file each, a function of arrays and the registered class that applies it.

A metric is a `gan_tf.metrics.metric.Metric`. It compares two `Sample`s, one of real images
and one of generated ones, of the same size, and says in class attributes what it reads of
them (`needs`), which way is better (`higher_is_better`) and which `modalities` it is for. Where
features come from is another matter: see `gan_tf.features`.
"""
