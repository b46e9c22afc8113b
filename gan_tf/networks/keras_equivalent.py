"""Layers that are equivalent to Keras layers but computed differently."""


class KerasEquivalent:
    """Mixin for a subclass of a Keras layer with the same config, weights and outputs.

    Attributes:
        plain: the class of the Keras layer.
    """

    plain = None

    def keras_layer(self):
        """Returns the equivalent Keras layer, not built yet, and its weights."""
        return self.plain.from_config(self.get_config() | {"dtype": "float32"}), self.get_weights()
