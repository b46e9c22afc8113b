"""The state of a GAN's random number generators, and how to preserve it."""

import contextlib


def random_states(gan):
    """Returns the variables of a GAN's random number generators, including those of its layers."""
    # The variables of Keras that are neither weights nor metrics.
    others = set(map(id, [*gan.weights, *gan.metrics_variables]))
    return [each for each in gan.variables if id(each) not in others]


@contextlib.contextmanager
def preserved_random_states(gan):
    """Restores the random states on exit, so that sampling inside does not affect training."""
    before = [(each, each.numpy()) for each in random_states(gan)]
    try:
        yield
    finally:
        for state, value in before:
            state.assign(value)
