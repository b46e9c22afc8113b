"""The options of networks."""

from gan_tf.options.networks import NetworkOptions
from gan_tf.registry import ARCHITECTURES, DISCRIMINATORS

FIELDS = NetworkOptions.__dataclass_fields__
TEXTS = {name: field.metadata["text"] for name, field in FIELDS.items()}


def test_an_option_of_networks_is_theirs_unless_it_is_set():
    entries = [*ARCHITECTURES.own_entries.values(), *DISCRIMINATORS.own_entries.values()]
    seen = set()
    for entry in entries:
        of_backbone = "backbone" in {each.name for each in entry.arguments}
        for each in entry.arguments:
            if each.name not in FIELDS:
                continue
            seen.add(each.name)
            assert FIELDS[each.name].default is None, each.name
            default, choices = each.default, FIELDS[each.name].metadata["choices"]
            if default is None and of_backbone:
                default = getattr(ARCHITECTURES.load(entry.name)().frames(), each.name)
            assert not choices or default in choices, each.name
    assert {"width", "upsampling", "generator_norm"} <= seen


def test_help_says_which_architectures_take_an_option():
    assert TEXTS["downsampling"].endswith("default: by --arch; for dcgan, mocogan, resnet, tgan")
    assert TEXTS["discriminator_norm"].endswith(
        "; not for bigan_mlp, lstm, r3gan, resnet_translator, rrdb, scratchgan, srresnet, stylegan2, "
        "unet"
    )
    assert TEXTS["width"].endswith("default: by --arch")
