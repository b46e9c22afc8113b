"""GANs: `keras.Model` subclasses whose `train_step` is one step of adversarial training."""
