"""How Keras saves and loads a GAN: networks, optimizers, arguments, random states."""

import keras

from gan_tf.gans.random_states import random_states
from gan_tf.registry import (
    ARCHITECTURES,
    CONDITIONINGS,
    LOSSES,
    OPTIMIZERS,
    PENALTIES,
    REWARDS,
    TRICKS,
)

_SAVED = (ARCHITECTURES, CONDITIONINGS, LOSSES, OPTIMIZERS, PENALTIES, REWARDS, TRICKS)


class Saving:
    """Mixed into `BaseGAN`: the methods that `save` and `keras.models.load_model` call."""

    def save_own_variables(self, store):
        store["step"] = self.step.numpy()
        store["random_state"] = self.random.state.numpy()
        store["learning_rate_scale"] = self.learning_rate_scale.numpy()
        for name, state in (self._states_of_layers() | self.kept).items():
            store[name] = state.numpy()

    def load_own_variables(self, store):
        self.step.assign(store["step"])
        self.random.state.assign(store["random_state"])
        self.learning_rate_scale.assign(store["learning_rate_scale"])
        for name, state in (self._states_of_layers() | self.kept).items():
            if name in store:  # files of gan_tf up to 0.1.0 have none
                state.assign(store[name])

    def _states_of_layers(self):
        """{name: variable} of the random states of layers such as dropout, which Keras omits."""
        states = [each for each in random_states(self) if each is not self.random.state]
        return {f"random_state_of_layer_{number}": each for number, each in enumerate(states)}

    def get_config(self):
        networks = {name: self.networks[name] for name in self._own_networks}
        serialize = keras.saving.serialize_keras_object
        return {
            **{name: serialize(network) for name, network in networks.items()},
            "seed": self.seed,
            "tricks": serialize(self.tricks),
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config):
        for registry in _SAVED:  # Keras finds classes that are imported
            for name in registry.names():
                registry.load(name)
        names = [*cls.network_names, "tricks"]
        parts = {name: keras.saving.deserialize_keras_object(config.pop(name)) for name in names}
        return cls(**parts, **config)

    def get_compile_config(self):
        if not self.compiled:
            return None
        optimizers = {f"{name}_optimizer": each.optimizer for name, each in self.optimizers.items()}
        config = keras.saving.serialize_keras_object(self._compile_arguments | optimizers)
        for name, rate in self._learning_rates.items():
            saved = config[f"{name}_optimizer"]["config"]
            while "inner_optimizer" in saved:  # of a `LossScaleOptimizer`
                saved = saved["inner_optimizer"]["config"]
            if isinstance(saved["learning_rate"], float):  # not a schedule
                saved["learning_rate"] = rate
        return config

    def compile_from_config(self, config):
        self.compile(**keras.saving.deserialize_keras_object(config))
