"""What `gan_tf.generate` and `gan_tf.augment` make, and how it is written."""
