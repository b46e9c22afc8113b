"""`fit`, `evaluate` and related methods, which check their input before Keras sees it."""

import contextlib

import keras

from gan_tf.errors import UserError
from gan_tf.gans import input_checks
from gan_tf.gans.random_states import preserved_random_states
from gan_tf.runtime import replicas


class Fitting:
    """Mixed into `BaseGAN`: training and evaluation check networks and input once, at the start."""

    _input_checked = False
    _predicts = False

    @property
    def distribute_strategy(self):
        strategy = super().distribute_strategy
        return strategy if self._predicts else replicas.AveragedLogs(strategy)

    def predict(self, *arguments, **options):
        """Returns outputs for latents, as `keras.Model.predict` does, of all replicas."""
        self._predicts = True
        try:
            return super().predict(*arguments, **options)
        finally:
            self._predicts = False

    def fit(self, x=None, y=None, batch_size=None, *arguments, check_input=True, **options):
        """Trains the GAN, as `keras.Model.fit` does.

        Args:
            x: samples scaled for the networks: an array, a `tf.data.Dataset` or whatever Keras takes.
            y: labels, int (n,) or (n, 1), for conditional networks.
            batch_size: samples per step, default 32. Where `discriminator_steps` or packing do not
                divide an incomplete last batch, its last samples are left out.
            check_input: whether to check the first batch for what spoils a training.
            *arguments, **options: as for `keras.Model.fit`. With validation data the logs have the
                values of `evaluate`, with the prefix "val_". `keras.callbacks.TerminateOnNaN`
                watches the losses of all networks.

        Returns:
            The `keras.callbacks.History`.

        Raises:
            UserError: for networks that cannot be trained, samples that are not scaled or have NaN,
                labels that are not indices of classes, weights of samples or classes, and a batch
                size that cannot be divided.
        """
        self._assert_compile_called("fit")
        input_checks.refuse_weights(**options)
        validation = options.get("validation_data")
        if validation is not None or options.get("validation_split"):
            self._check_evaluates()
        input_checks.check_networks(self)
        if check_input:
            batch, x = input_checks.first_batch(x, y, batch_size)
            if batch:
                input_checks.check_batch(self, *batch)
            if validation is not None:
                options["validation_data"] = self._checked_validation(validation)
        if isinstance(options.get("callbacks"), (tuple, list)):
            options["callbacks"] = [_watching_all_losses(each) for each in options["callbacks"]]
        return super().fit(x, y, batch_size, *arguments, **options)

    def _checked_validation(self, data):
        """Checks the first batch of validation data; returns the data."""
        if not isinstance(data, (tuple, list)):
            batch, data = input_checks.first_batch(data)
        else:
            x, y, weights = keras.utils.unpack_x_y_sample_weight(data)
            input_checks.refuse_weights(sample_weight=weights)
            batch, _ = input_checks.first_batch(x, y)
        if batch:
            input_checks.check_batch(self, *batch[:2])
        return data

    def train_on_batch(self, x, y=None, *arguments, **options):
        """Makes one training step, as `keras.Model.train_on_batch` does; the first is checked.

        Raises:
            UserError: as for `fit`.
        """
        self._assert_compile_called("train_on_batch")
        if not self._input_checked:
            input_checks.refuse_weights(**options)
            input_checks.check_networks(self)
            batch, _ = input_checks.first_batch(x, y)
            if batch:
                input_checks.check_batch(self, *batch[:2], int(keras.tree.flatten(x)[0].shape[0]))
            self._input_checked = True
        return super().train_on_batch(x, y, *arguments, **options)

    def evaluate(self, x=None, y=None, batch_size=None, *arguments, **options):
        """Returns losses and probabilities on samples, as `keras.Model.evaluate` does.

        The networks are in inference mode, without tricks and penalties. As many fakes are generated as
        there are samples, always from the same latents; the state of training does not change.

        Args:
            x, y, batch_size, *arguments, **options: as for `keras.Model.evaluate`.

        Returns:
            The values, or, with `return_dict`, {name: value}.

        Raises:
            UserError: as for `fit`, and where the kind of GAN has no `test_step`.
        """
        self._assert_compile_called("evaluate")
        if not options.get("_use_cached_eval_dataset"):  # else `fit` has checked it
            self._check_evaluates()
            input_checks.refuse_weights(**options)
            batch, x = input_checks.first_batch(x, y, batch_size)
            if batch:
                input_checks.check_batch(self, *batch[:2])
        with self._evaluating():
            return super().evaluate(x, y, batch_size, *arguments, **options)

    def test_on_batch(self, x, y=None, *arguments, **options):
        """Returns the values of `evaluate` on one batch.

        Raises:
            UserError: as for `evaluate`.
        """
        self._assert_compile_called("test_on_batch")
        self._check_evaluates()
        input_checks.refuse_weights(**options)
        batch, _ = input_checks.first_batch(x, y)
        if batch:
            input_checks.check_batch(self, *batch[:2])
        with self._evaluating():
            return super().test_on_batch(x, y, *arguments, **options)

    def _check_evaluates(self):
        if type(self).test_step is keras.Model.test_step:
            raise UserError(
                f"{type(self).__name__} has no evaluation: leave validation data out, or score samples "
                "with the metrics of gan_tf.metrics."
            )

    @contextlib.contextmanager
    def _evaluating(self):
        """Latents of evaluation begin anew, and random states are restored on exit."""
        with preserved_random_states(self):
            self.random.state.assign(keras.random.SeedGenerator(self.seed + 1).state)
            yield


class _TerminateOnNaN(keras.callbacks.TerminateOnNaN):
    """As Keras's, which watches only what is called "loss", for each loss of a GAN."""

    def on_batch_end(self, batch, logs=None):
        for name, value in (logs or {}).items():
            if name.endswith("_loss"):
                super().on_batch_end(batch, {"loss": value})


def _watching_all_losses(callback):
    """A callback as it is; in place of Keras's `TerminateOnNaN`, one with the same settings."""
    if type(callback) is not keras.callbacks.TerminateOnNaN:
        return callback
    watching = _TerminateOnNaN()
    vars(watching).update(vars(callback))
    return watching
