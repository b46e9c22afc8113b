"""Stops training when a loss or a gradient is not finite."""

import math

import keras

from gan_tf.errors import NonFiniteError


class StopOnNonFinite(keras.callbacks.Callback):
    """Raises as soon as a logged value is infinite or NaN, before anything is written.

    Put it first among the callbacks, so that no checkpoint or sample is made with such
    weights.

    Args:
        store: the `CheckpointStore` whose newest checkpoint the message names.

    Raises:
        NonFiniteError: from `fit`; its `evidence` says which value it was.
    """

    def __init__(self, store):
        super().__init__()
        self.store = store

    def on_train_batch_end(self, batch, logs=None):
        for name, value in (logs or {}).items():
            if not math.isfinite(value):
                steps = self.store.steps()
                kept = (
                    f"the last good checkpoint is '{self.store.path(steps[-1])}'"
                    if steps
                    else "there is no checkpoint yet"
                )
                error = NonFiniteError(
                    f"The {name} became {value} at step {self.model.steps_made}, so training was "
                    f"stopped; {kept}: try a smaller learning rate, e.g. "
                    '--discriminator_optimizer="adam(1e-4, beta_1=0.5)", and another --run_dir.'
                )
                error.evidence = f"the {name} became {value}"
                raise error
