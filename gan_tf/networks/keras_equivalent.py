"""Layers that are Keras layers in all but how they compute."""


class Stock:
    """Mixed into a subclass of a Keras layer that has its config, its weights and its outputs.

    Attributes:
        plain: the Keras layer's class.
    """

    plain = None

    def stock(self):
        """Returns the Keras layer, not built yet, and the weights that make it equal to this one."""
        return self.plain.from_config(self.get_config() | {"dtype": "float32"}), self.get_weights()
