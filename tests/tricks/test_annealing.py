"""The temperature of Gumbel-softmax samples falls over the run."""

import pytest

from gan_tf.errors import UserError
from gan_tf.gans.build import build
from gan_tf.networks.relaxation import temperatures
from gan_tf.options.config import Config
from gan_tf.registry import TRICKS


def gan(**options):
    base = dict(dataset="sentences", width=2, latent_dim=8, trick=("gumbel_annealing(0.01)",))
    return build(Config(**base | options).resolve(), (4, 3), total_steps=100)


@pytest.mark.parametrize(
    "options, start",
    [
        ({"arch": "gumbel_lstm"}, 1.0),
        ({"arch": "resnet1d(relaxation='gumbel', gumbel_temperature=2.0)"}, 2.0),
    ],
)
def test_it_falls_exponentially(options, start):
    trained = gan(**options)
    ((weight, first),) = temperatures(trained.networks["generator"])
    assert first == start
    for step, factor in ((0, 1), (50, 0.1), (100, 0.01), (150, 0.01)):
        trained.step.assign(step)
        trained.tricks[0].after_step(trained)
        assert float(weight) == pytest.approx(start * factor, rel=1e-5)


def test_generators_without_a_temperature_are_refused():
    with pytest.raises(UserError, match="needs a generator with a temperature"):
        gan(arch="resnet1d")
    with pytest.raises(UserError, match="final must be above 0"):
        TRICKS.build("gumbel_annealing(0)")
