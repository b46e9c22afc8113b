"""Metrics: one file each, with a function of arrays and the registered class that applies it.

A metric is a `gan_tf.metrics.metric.Metric`. It compares two `Sample`s of the same size, real
and generated images; its class attributes declare the fields it reads (`needs`), the better
direction (`higher_is_better`; `best_is_data` where the best value is that of real images, as for
`ms_ssim`) and the `modalities` it supports. Features are computed by `gan_tf.features`.
"""
