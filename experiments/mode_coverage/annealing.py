"""R1 with a decaying weight."""

import keras

from gan_tf.losses.penalties import R1


@keras.saving.register_keras_serializable("gan_tf.experiments")
class AnnealedR1(R1):
    """R1 (Mescheder et al., 2018) whose weight decays geometrically.

    While it is large the discriminator is smooth and guides the generator to distant modes; when it
    is small the discriminator can be as sharp as the modes are.

    Args:
        first, last: the weight gamma at the beginning and at the end, above 0.
        steps: the length of the decay; then the weight is constant.
    """

    def __init__(self, first: float, last: float, steps: int):
        super().__init__(first, every=1)
        self.first = first
        self.last = last
        self.steps = steps
        self._count = keras.Variable(0, dtype="int32", trainable=False)

    def __call__(self, critic, real, fake, seed):
        done = keras.ops.minimum(1.0, keras.ops.cast(self._count, "float32") / self.steps)
        self._count.assign_add(1)
        return (self.last / self.first) ** done * super().__call__(critic, real, fake, seed)

    def get_config(self):
        return {"first": self.first, "last": self.last, "steps": self.steps}
