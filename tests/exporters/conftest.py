"""What the tests of exports share."""

import pytest
import tensorflow as tf

from gan_tf.gans.build import network_spec
from gan_tf.networks import build as networks
from gan_tf.options.config import Config

CLASSES = 3
KINDS = {
    "mlp": dict(arch="mlp(width=4)", prior="uniform"),
    "dcgan": dict(arch="dcgan(width=2)", spectral_norm="both", conditional="projection"),
    "shuffled": dict(
        arch="dcgan(width=4)",
        upsampling="pixel_shuffle",
        generator_norm="instance",
        prior="spherical",
    ),
    "resnet": dict(
        arch="resnet(width=2)", upsampling="bilinear", conditional="acgan", prior="lognormal"
    ),
    "own": dict(
        arch="mlp(width=4)",
        generator_norm="virtual_batch",
        conditional="concat",
        prior="truncated_normal",
    ),
    "infogan": dict(arch="mlp(width=4)", trick=("infogan", "ema(0.9)")),
    "stylegan2": dict(
        arch="stylegan2(width=2, max_width=4, style_dim=4)",
        conditional="embedding(4)",
        trick=("style_mixing",),
    ),
    "fastgan": dict(arch="fastgan(width=1)", conditional="projection"),
    "r3gan": dict(arch="r3gan(width=2, max_width=4)", conditional="embedding(4)"),
}


@pytest.fixture(scope="module", params=KINDS)
def generator(request):
    """A generator of each of the `KINDS`."""
    options = KINDS[request.param]
    size = 8 if options["arch"].startswith("mlp") else 28
    config = Config(dataset="mnist", latent_dim=12, precision="float32", **options)
    network = networks.generator(network_spec(config, (size, size, 1), CLASSES))
    for layer in network.weights:  # so that statistics and conditioning are not trivial
        layer.assign_add(tf.random.stateless_uniform(layer.shape, (1, 2), -0.2, 0.2))
    return network
