"""GANs: `keras.Model` subclasses whose `train_step` plays the adversarial game."""
