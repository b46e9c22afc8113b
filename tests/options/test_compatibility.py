"""Options that do not go together are refused in one sentence."""

import pytest

from gan_tf.options.config import Config
from tests.options.refused import refusal

PAIRS = {"gan": "pix2pix", "dataset": "glyphs", "pair_by": "grayscale"}


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"dataset": "mnsit"}, ["Unknown data set 'mnsit' (did you mean 'mnist'?)"]),
        ({"arch": "DCGAN"}, ["Unknown architecture 'DCGAN' (did you mean 'dcgan'?)"]),
        ({"precision": "float16"}, ["--precision=float16", "auto, float32, mixed_bfloat16"]),
        ({"log_every": "0steps"}, ["--log_every=0steps", "500steps"]),
        ({"image_size": 100}, ["'dcgan'", "100 pixels", "try --image_size=128", "--arch=mlp"]),
        ({"dataset": "image_folder"}, ["'image_folder' needs --image_dir=..."]),
        (
            {"image_dir": "photos"},
            ["--image_dir has no effect", "'mnist'", "give --dataset=image_folder."],
        ),
        (
            {"celeb_a_archive": "x.zip"},
            ["--celeb_a_archive has no effect", "give --dataset=celeb_a."],
        ),
        ({"charset": "latin"}, ["--charset has no effect", "'mnist'", "give --dataset=fonts."]),
        ({"dataset": "glyphs", "crop": "top"}, ["--crop has no effect", "'glyphs'"]),
        ({"penalty": ("wgan_gq",)}, ["Unknown penalty", "did you mean 'wgan_gp'?"]),
        ({"penalty": ("wgan_gp",)}, ["--penalty=wgan_gp", "--discriminator_norm=layer, or none"]),
        (
            {"penalty": ("wgan_gp",), "arch": "dcgan(discriminator_norm='batch')"},
            ["batch normalization in the discriminator"],
        ),
        (
            {"arch": "mlp", "upsampling": "nearest"},
            ["no effect", "'mlp'", "--arch=dcgan or --arch=resnet."],
        ),
        ({"arch": "mlp", "generator_norm": "instance"}, ["--generator_norm=instance", "layer"]),
        (
            PAIRS | {"generator_norm": "virtual_batch"},
            ["'unet' does not support --generator_norm=virtual_batch", "instance, batch"],
        ),
        (
            PAIRS | {"arch": "rrdb", "discriminator_norm": "virtual_batch"},
            ["'patchgan' does not support --discriminator_norm=virtual_batch"],
        ),
        (
            PAIRS | {"discriminator": "vgg(width=0)"},
            ["In --discriminator=vgg(width=0), width=0 is out of range"],
        ),
        ({"arch": "mlp(discriminator_norm='instance')"}, ["--discriminator_norm=instance"]),
        (
            {"penalty": ("wgan_gp",), "arch": "mlp", "discriminator_norm": "batch"},
            ["batch normalization in the discriminator"],
        ),
        ({"dataset": "celeb_a", "conditional": "concat"}, ["'celeb_a' has attributes"]),
        ({"spectral_norm": "generators"}, ["--spectral_norm=generators", "none, discriminator"]),
        ({"packing": 2, "conditional": "concat"}, ["--packing=2", "--conditional=concat"]),
        ({"packing": 2, "semi_supervised": 9}, ["--packing=2", "--semi_supervised=9"]),
        ({"semi_supervised": 9, "conditional": "acgan"}, ["--semi_supervised=9", "acgan"]),
        ({"dataset": "celeb_a", "semi_supervised": 9}, ["'celeb_a' has attributes", "=Smiling"]),
        ({"dataset": "celeb_a", "label": "Male"}, ["--label=Male has no effect", "projection"]),
        (
            {"label": "Male", "conditional": "acgan"},
            ["--label has no effect", "give --dataset=celeb_a."],
        ),
        ({"packing": 2, "trick": ("infogan(3, 0)",)}, ["--packing=2", "--trick=infogan(3, 0)"]),
        ({"packing": 3}, ["--batch_size=128 is not a multiple of --packing=3", "--batch_size=129"]),
        ({"classes": "3", "leave_out": "4"}, ["--classes and --leave_out"]),
        ({"classes": "3,,4"}, ["--classes=3,,4", "--classes=5,6,7"]),
        ({"leave_out": ""}, ["--leave_out=: write names or indices"]),
        ({"dataset": "celeb_a", "classes": "Male"}, ["--classes needs a class", "--label=Smiling"]),
        ({"metric": ("fid",)}, ["--metric has no effect", "--evaluate_every=1epoch"]),
        ({"evaluate_every": "often"}, ["--evaluate_every=often", "500steps"]),
        (
            {"evaluate_every": "1epoch", "features": "inception"},
            ["needs --inception_weights"],
        ),
        (
            {"evaluate_every": "1epoch", "features": "celeb_a_attributes", "metric": ("class_kl",)},
            ["'class_kl' needs the classes", "--features=celeb_a_attributes is not one"],
        ),
    ],
)
def test_refuses_invalid_options(changes, words):
    message = refusal(**changes)
    for word in words:
        assert word in message


@pytest.mark.parametrize("size, nearest", [(4, 28), (30, 28), (31, 32), (97, 128), (1024, 128)])
def test_an_impossible_size_suggests_the_nearest(size, nearest):
    assert f"try --image_size={nearest}," in refusal(image_size=size)
    assert Config(image_size=size, arch="mlp").resolve().image_size == size


@pytest.mark.parametrize(
    "options",
    [
        {"penalty": ("wgan_gp",), "discriminator_norm": "layer"},
        {"penalty": ("wgan_gp",), "arch": "mlp"},
        {"penalty": ("weight_clip",)},
    ],
)
def test_accepts_penalties_with_suitable_networks(options):
    assert Config(**options).resolve().penalty == options["penalty"]
