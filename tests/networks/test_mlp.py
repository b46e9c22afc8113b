"""The vanilla GAN's networks."""

from keras import layers

from gan_tf.networks.mlp import MLP


def test_it_has_the_layers_of_the_vanilla_gan():
    mlp = MLP(width=256)
    generator, discriminator = mlp.generator((28, 28, 1), 100), mlp.discriminator((28, 28, 1))
    units = [
        [layer.units for layer in net.layers if isinstance(layer, layers.Dense)]
        for net in (generator, discriminator)
    ]
    assert units == [[256, 512, 1024, 784], [512, 256, 1]]
    slopes = {
        layer.negative_slope
        for layer in generator.layers + discriminator.layers
        if isinstance(layer, layers.LeakyReLU)
    }
    assert slopes == {0.2}
