"""The random numbers of a GAN: where they are, and how to leave them as they were."""

import contextlib


def random_states(gan):
    """Returns the variables in which a GAN's random numbers stand, those of its layers included."""
    # What Keras counts among the variables but not among weights and metrics.
    others = set(map(id, [*gan.weights, *gan.metrics_variables]))
    return [each for each in gan.variables if id(each) not in others]


@contextlib.contextmanager
def undisturbed(gan):
    """Lets images be drawn, by layers that are random too, without changing what is learnt."""
    before = [(each, each.numpy()) for each in random_states(gan)]
    try:
        yield
    finally:
        for state, value in before:
            state.assign(value)
