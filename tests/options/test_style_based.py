"""Which architectures have a space of styles."""

from gan_tf.options.config import Config
from gan_tf.options.style_based import has_styles, style_based


def test_stylegan2_alone_has_styles():
    assert style_based() == ["stylegan2"]
    assert has_styles(Config(dataset="mnist", arch="stylegan2(width=2)"))
    assert not has_styles(Config(dataset="mnist", arch="dcgan"))
