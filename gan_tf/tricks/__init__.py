"""Training tricks ("GAN hacks"): what can be added to the game without changing its rules.

A trick is a `gan_tf.tricks.trick.Trick`: an object whose methods are called at fixed moments
of building the networks and of a training step. Tricks that are not there cost nothing, and
those that are act in the order in which they are given.
"""
