"""What the exchangeable parts of a GAN have in common: losses, penalties, tricks."""


class Part:
    """An object that Keras saves in a model, by its constructor's arguments.

    Subclasses keep each argument of their constructor in an attribute of the same name, and
    nothing else in public attributes.
    """

    def get_config(self):
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}

    @classmethod
    def from_config(cls, config):
        return cls(**config)
