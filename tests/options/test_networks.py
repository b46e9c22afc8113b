"""The options of networks."""

from gan_tf.options.networks import NetworkOptions
from gan_tf.registry import ARCHITECTURES, DISCRIMINATORS

FIELDS = NetworkOptions.__dataclass_fields__
TEXTS = {name: field.metadata["text"] for name, field in FIELDS.items()}


def test_an_option_of_networks_is_theirs_unless_it_is_set():
    entries = [*ARCHITECTURES.own_entries.values(), *DISCRIMINATORS.own_entries.values()]
    arguments = [each for entry in entries for each in entry.arguments if each.name in FIELDS]
    assert {"width", "upsampling", "generator_norm"} <= {each.name for each in arguments}
    for each in arguments:
        field = FIELDS[each.name]
        choices = field.metadata["choices"]
        assert field.default is None, each.name
        # None: that of the backbone, an entry of its own.
        assert not choices or each.default in (None, *choices), each.name


def test_help_says_which_architectures_take_an_option():
    assert TEXTS["downsampling"].endswith("default: by --arch; for dcgan, mocogan, resnet, tgan")
    assert TEXTS["discriminator_norm"].endswith(
        "; not for bigan_mlp, lstm, r3gan, resnet_translator, rrdb, scratchgan, srresnet, stylegan2, "
        "unet"
    )
    assert TEXTS["width"].endswith("default: by --arch")
