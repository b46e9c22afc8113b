"""The configuration: what `resolve` checks and fills in, flagfiles, conflicts, intervals."""

import dataclasses
import os

import pytest

from gan_tf.errors import UserError
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.registry import DATASETS, LOSSES
from tests.architectures import taking

PAIRS = {"gan": "pix2pix", "dataset": "glyphs", "pair_by": "grayscale"}
FIELDS = {field.name: field for field in dataclasses.fields(Config)}


def refusal(**changes):
    with pytest.raises(UserError) as error:
        Config(**changes).resolve()
    return str(error.value)


def test_defaults_are_the_dcgan_paper_on_mnist():
    config = Config().resolve()
    assert (config.dataset, config.arch, config.loss) == ("mnist", "dcgan", "non_saturating")
    assert config.generator_optimizer == config.discriminator_optimizer == "adam(2e-4, beta_1=0.5)"
    assert (config.batch_size, config.latent_dim, config.seed) == (128, 100, 0)


@pytest.mark.parametrize(
    "penalty, optimizer",
    [
        ("weight_clip(0.01)", "rmsprop(5e-5)"),
        ("wgan_gp", "adam(1e-4, beta_1=0.0, beta_2=0.9)"),
        ("l2", "adam(2e-4, beta_1=0.5)"),
    ],
)
def test_the_optimizers_are_those_of_the_penalty_s_paper(penalty, optimizer):
    """`--loss=wasserstein --penalty=weight_clip(0.01) --discriminator_steps=5` is WGAN."""
    options = dict(loss="wasserstein", penalty=(penalty,), discriminator_norm="layer")
    config = Config(**options).resolve()
    assert config.generator_optimizer == config.discriminator_optimizer == optimizer
    config = Config(**options, generator_optimizer="sgd").resolve()
    assert (config.generator_optimizer, config.discriminator_optimizer) == ("sgd", optimizer)


def test_resolve_fills_in_the_size_the_optimizers_and_the_run_directory():
    config = Config().resolve()
    assert (config.image_size, config.run_dir) == (28, "runs/mnist-dcgan-non_saturating")
    changed = {"image_size", "run_dir", "generator_optimizer", "discriminator_optimizer"}
    assert {n for n in FIELDS if getattr(config, n) != getattr(Config(), n)} == changed


def test_resolve_keeps_what_is_given_and_is_idempotent():
    config = Config(dataset="cifar10", image_size=64, run_dir="x").resolve()
    assert (config.image_size, config.run_dir) == (64, "x")
    assert config.resolve() == config


def test_the_default_run_directory_names_entries_without_their_arguments():
    config = Config(dataset="celeb_a", arch="mlp(width=32)", loss="minimax()").resolve()
    assert config.run_dir == "runs/celeb_a-mlp-minimax"


SINGLE = [
    name
    for name, entry in DATASETS.entries.items()
    if entry.attributes.get("pairing", "single") == "single"
]


@pytest.mark.parametrize("dataset", SINGLE)
@pytest.mark.parametrize("arch", taking("latent"))
@pytest.mark.parametrize("loss", sorted({*LOSSES.names()} - {"none"}))
def test_every_combination_of_entries_resolves(dataset, arch, loss):
    image_dir = "photos" if dataset == "image_folder" else None
    config = Config(dataset=dataset, arch=arch, loss=loss, image_dir=image_dir).resolve()
    assert config.run_dir == f"runs/{dataset}-{arch}-{loss}"
    assert config.image_size in (28, 32, 64)


@pytest.mark.parametrize(
    "name", [name for name, field in FIELDS.items() if field.metadata["low"] is not None]
)
def test_ranges_hold_at_both_ends(name):
    low, high = FIELDS[name].metadata["low"], FIELDS[name].metadata["high"]
    assert f"--{name}={low - 1} is out of range" in refusal(**{name: low - 1})
    of_folders = {"dataset": "image_folder", "image_dir": "photos"} if name == "archive_mb" else {}
    Config(arch="mlp", evaluate_every="1epoch", **of_folders, **{name: low}).resolve()
    if high is not None:
        assert f"--{name}={high + 1} is out of range" in refusal(**{name: high + 1})
        Config(arch="mlp", **{name: high}).resolve()


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
        (
            {"loss": "hinge", "trick": ("label_smoothing",)},
            ["--trick=label_smoothing", "--loss=hinge", "minimax or non_saturating"],
        ),
        ({"loss": "wasserstein", "semi_supervised": 9}, ["--semi_supervised", "probabilities"]),
        ({"trick": ("ema(0.9)", "ema(0.99)")}, ["--trick=ema is given twice"]),
        ({"trick": ("auxiliary_classifier",)}, ["give --conditional=acgan"]),
        (
            {"trick": ("auxiliary_classifier",), "conditional": "concat"},
            ["give --conditional=acgan"],
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


def test_flag_lines_repeat_the_run():
    config = Config(dataset="image_folder", image_dir="My photos/a=b", flip=True, steps=7).resolve()
    lines = config.to_flags()
    assert {"--flip=true", "--deterministic=false", "--steps=7", "--image_size=64"} <= set(lines)
    photos = os.path.abspath("My photos/a=b")  # wherever the flags are read
    assert f"--image_dir={photos}" in lines
    assert not [line for line in lines if line.startswith(("--run_dir", "--width"))]
    parsed, _ = flags.parse(Config, ["", *lines, f"--run_dir={config.run_dir}"], "")
    assert parsed == dataclasses.replace(config, image_dir=photos)


def test_repeated_flags_are_written_and_read_again():
    config = Config(
        loss="wasserstein",
        penalty=("wgan_gp(5)", "weight_clip"),
        discriminator_norm="none",
        trick=("ema(0.99)",),
    ).resolve()
    assert [line for line in config.to_flags() if "penalty" in line] == [
        "--penalty=wgan_gp(5)",
        "--penalty=weight_clip",
    ]
    parsed, _ = flags.parse(Config, ["", *config.to_flags()], "")
    assert dataclasses.replace(parsed, run_dir=config.run_dir) == config
    assert config.hyperparameters()["penalty"] == "wgan_gp(5) weight_clip"
    written_out = dataclasses.replace(config, trick=("ema(decay=0.99)",))
    assert not config.conflicts(written_out)
    assert config.conflicts(dataclasses.replace(config, trick=()))


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


@pytest.mark.parametrize("flag", ["conditional", "semi_supervised"])
def test_a_folder_without_folders_has_no_labels(photos, flag):
    options = {"dataset": "image_folder", flag: "acgan" if flag == "conditional" else 5}
    Config(image_dir=str(photos), **options).resolve()
    with pytest.raises(UserError, match=rf"--{flag}=\w+ needs labels, and there is no folder in"):
        Config(image_dir=str(photos / "a"), **options).resolve()


def test_help_says_which_architectures_take_an_option():
    downsampling, of_norm = (
        FIELDS[name].metadata["text"] for name in ("downsampling", "discriminator_norm")
    )
    assert downsampling.endswith("default: by --arch; for dcgan, resnet")
    assert of_norm.endswith("; for dcgan, mlp, patchgan, pixel, resnet, vgg")
    assert FIELDS["width"].metadata["text"].endswith("default: by --arch")


def test_default_features_depend_on_the_data_set():
    specs = {name: Config(dataset=name).feature_spec() for name in ("mnist", "celeb_a", "glyphs")}
    assert specs == {
        "mnist": "mnist_classifier",
        "celeb_a": "celeb_a_attributes",
        "glyphs": "random_conv",
    }
    assert Config(features="pixels").feature_spec() == "pixels"


def test_conflicts_are_the_fields_that_are_not_free():
    mine = Config(seed=1, epochs=9, keep=1, run_dir="x", flip=True)
    assert mine.conflicts(Config()) == [("flip", True, False), ("seed", 1, 0)]
    assert mine.conflicts(mine) == []


def test_flags_that_a_resumed_run_may_change():
    assert {name for name, field in FIELDS.items() if field.metadata["free"]} == {
        *(
            "archive_mb",
            "data_dir",
            "image_dir",
            "celeb_a_archive",
            "cache_mb",
            "cache_dir",
            "epochs",
        ),
        *("steps", "precision", "deterministic", "run_dir", "sample_every", "checkpoint_every"),
        *("log_every", "keep", "evaluate_every", "metric", "features", "inception_weights"),
        *("on_unhealthy", "stop_when_no_better", "steps_per_execution", "jit_compile"),
        *("max_minutes", "strategy"),
    }


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("pho\ntos", "has a line break"),
        ("pho\x85tos", "has a line break"),
        ("pho\u2028tos", "has a line break"),
        ("photos ", "begins or ends with a space"),
        ("photos\u3000", "begins or ends with a space"),
        (os.fsdecode(b"pho\xfftos"), "is not UTF-8"),
    ],
)
def test_names_that_flags_txt_cannot_hold_are_refused(value, words):
    assert words in refusal(dataset="image_folder", image_dir=value)
    if "space" not in words:
        assert words in refusal(run_dir=value)


def test_the_name_of_the_working_directory_counts_too(tmp_path, monkeypatch):
    (tmp_path / "a\nb").mkdir()
    monkeypatch.chdir(tmp_path / "a\nb")
    assert "has a line break" in refusal(dataset="image_folder", image_dir="photos")
    Config(run_dir="runs/x").resolve()


def test_other_names_are_kept_as_they_are():
    for name in ('it\'s [a]*?\\ "b" #1', "日本 ü\u202f3", "--x=y", "~x"):
        path = f"/photos/{name}"
        config = Config(dataset="image_folder", image_dir=path).resolve()
        parsed, _ = flags.parse(Config, ["", *config.to_flags()], "")
        assert parsed.image_dir == path
