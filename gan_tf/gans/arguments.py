"""The arguments of a GAN's constructor and of its `compile`: specs, objects, and checks of them."""

import keras

from gan_tf.errors import UserError, suggest
from gan_tf.registry import LOSSES, OPTIMIZERS, Configurable

_OF_KERAS = ("jit_compile", "run_eagerly", "steps_per_execution", "auto_scale_loss")


def built(registry, item):
    """Builds an item given as a spec; returns any other item unchanged."""
    return registry.build(item) if isinstance(item, str) else item


def listed(items):
    """Returns a list of items, of a single one, or of none if it is None."""
    if items is None:
        return []
    return list(items) if isinstance(items, (list, tuple)) else [items]


def several(registry, items):
    """Builds each of a list of specs and objects, or a single one; None: none.

    Raises:
        UserError: for an object that cannot be an entry of the registry, such as a class.
    """
    made = [built(registry, each) for each in listed(items)]
    for each in made:
        if not isinstance(each, Configurable):
            given = each.__name__ if isinstance(each, type) else type(each).__name__
            kind = "a class" if isinstance(each, type) else "of another type"
            raise UserError(
                f"{given} is {kind}, not a {registry.kind}: give one of {', '.join(registry.names())}, or "
                f"a {registry.kind} object."
            )
    return made


def optimizers_of(items):
    """Builds {name: optimizer or its spec}.

    Raises:
        UserError: for an object that is not an optimizer, and for one that is given twice.
    """
    optimizers = {name: built(OPTIMIZERS, each) for name, each in items.items()}
    for name, each in optimizers.items():
        if not isinstance(each, keras.optimizers.Optimizer):
            raise UserError(
                f"{name}_optimizer is of type {type(each).__name__}: give a keras.optimizers.Optimizer, or "
                'a string such as "adam(2e-4)".'
            )
    if len({id(each) for each in optimizers.values()}) < len(optimizers):
        raise UserError(
            "The same optimizer is given twice, but it keeps state of one set of variables: give "
            f"{' and '.join(f'{name}_optimizer' for name in items)} one each."
        )
    return optimizers


def loss_of(item):
    """Builds a loss, or its spec.

    Raises:
        UserError: for an object without the methods of a loss.
    """
    loss = built(LOSSES, item)
    complete = hasattr(loss, "discriminator") and hasattr(loss, "generator")
    if isinstance(loss, type) or not complete:
        raise UserError(
            f"The loss is of type {type(loss).__name__}: give one of {', '.join(LOSSES.names())}, or a "
            "gan_tf.losses.adversarial.Loss."
        )
    return loss


def check_keywords(keywords, own):
    """Checks what `compile` passes on to Keras.

    Args:
        keywords: names of arguments.
        own: names of the arguments that the GAN takes itself.

    Raises:
        UserError: for any that would have no effect.
    """
    for each in keywords:
        if each not in _OF_KERAS:
            raise UserError(
                f"compile() does not take {each}{suggest(each, own)}; it takes {', '.join(own)}, and of "
                f"Keras's arguments {', '.join(_OF_KERAS)}."
            )
