"""The configuration: what `resolve` checks and fills in, flagfiles, conflicts, intervals."""

import dataclasses
import itertools
import os

import pytest

from gan_tf.errors import UserError
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.registry import ARCHITECTURES, DATASETS, LOSSES
from tests.architectures import taking
from tests.options.refused import refusal

FIELDS = {field.name: field for field in dataclasses.fields(Config)}


def test_defaults_are_the_dcgan_paper_on_mnist():
    config = Config().resolve()
    assert (config.dataset, config.arch, config.loss) == ("mnist", "dcgan", "non_saturating")
    assert config.generator_optimizer == config.discriminator_optimizer == "adam(2e-4, beta_1=0.5)"
    assert (config.batch_size, config.latent_dim, config.seed) == (128, 100, 0)


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


def test_the_default_architecture_is_one_for_the_samples():
    assert Config(dataset="sentences").resolve().arch == "resnet1d"
    assert Config(dataset="sentences", gan="bigan").resolve().arch == "resnet1d"
    assert Config(dataset="sentences", gan="seqgan").resolve().arch == "lstm"
    assert Config(dataset="glyphs").resolve().arch == "dcgan"
    assert Config(dataset="tones").resolve().arch == "wavegan"


def test_how_long_samples_can_be_depends_on_what_they_are():
    words = refusal(dataset="text_file", text_file="lines", length=5000)
    assert "--length=5000: sequences have at most 4,096" in words
    Config(dataset="tones", length=5000).resolve()


@pytest.mark.parametrize(
    "changes",
    [{"arch": "gumbel_lstm"}, {"relaxation": "gumbel"}, {"arch": "resnet1d(relaxation='gumbel')"}],
)
def test_latents_that_are_quantiles_of_tokens_are_normal(changes):
    words = refusal(dataset="sentences", prior="uniform", **changes)
    assert "--prior=uniform: the tokens of Gumbel-softmax samples" in words
    Config(dataset="sentences", prior="uniform").resolve()


SINGLE = [
    name
    for name, entry in DATASETS.entries.items()
    if entry.attributes.get("pairing", "single") == "single"
]


@pytest.mark.parametrize("dataset", SINGLE)
def test_every_combination_of_entries_resolves(dataset):
    entry = DATASETS.entry(dataset)
    files = {each.name: "given" for each in entry.arguments if each.required}
    for arch, loss in itertools.product(taking("latent"), {*LOSSES.names()} - {"none"}):
        config = Config(dataset=dataset, arch=arch, loss=loss, **files)
        made = ARCHITECTURES.entry(arch).attributes["modalities"]
        if made and config.modality_name not in made:
            with pytest.raises(UserError, match=f"The architecture '{arch}' is for"):
                config.resolve()
            continue
        config = config.resolve()
        assert config.run_dir == f"runs/{dataset}-{arch}-{loss}"
        assert config.image_size == entry.attributes.get("default_image_size")


@pytest.mark.parametrize(
    "name", [name for name, field in FIELDS.items() if field.metadata["low"] is not None]
)
def test_ranges_hold_at_both_ends(name):
    low, high = FIELDS[name].metadata["low"], FIELDS[name].metadata["high"]
    assert f"--{name}={low - 1} is out of range" in refusal(**{name: low - 1})
    needed = {
        "archive_mb": {"dataset": "image_folder", "image_dir": "photos"},
        "batch_size": {"gan": "pix2pix", "arch": "unet", "pair_by": "edges"},
        "vocabulary": {"dataset": "text_file", "text_file": "lines"},
        **{key: {"dataset": "tones"} for key in ("length", "sample_rate")},
        **{key: {"dataset": "moving_glyphs"} for key in ("frames", "frame_step", "digits")},
        **{
            key: {"dataset": "tones", "arch": "wavegan"} for key in ("phase_shuffle", "post_filter")
        },
        "gumbel_temperature": {"dataset": "sentences", "arch": "resnet1d"},
    }
    base = {"arch": "mlp"} | needed.get(name, {})
    Config(evaluate_every="1epoch", **base, **{name: low}).resolve()
    if high is not None:
        assert f"--{name}={high + 1} is out of range" in refusal(**{name: high + 1})
        Config(**base, **{name: high}).resolve()


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
            "oracle",
            "text_file",
            "fasta_file",
            "test_file",
            "rhymes",
            "data_dir",
            "image_dir",
            "audio_dir",
            "video_dir",
            "to_image_dir",
            "celeb_a_archive",
            "cache_mb",
            "cache_dir",
            "epochs",
        ),
        *("steps", "precision", "deterministic", "run_dir", "sample_every", "checkpoint_every"),
        *("log_every", "keep", "evaluate_every", "metric", "features", "inception_weights"),
        *("on_unhealthy", "stop_when_no_better", "steps_per_execution", "jit_compile", "tune"),
        *("max_minutes", "strategy", "tracker", "source_font", "target_fonts"),
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


def test_fonts_are_written_with_absolute_paths_and_a_set_of_characters_as_it_is(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "some.txt").write_text("ab")
    options = dict(dataset="fonts", gan="pix2pix", target_fonts=("a.ttf", "b.ttc#2"))
    for charset, written in (("some.txt", str(tmp_path / "some.txt")), ("永和", "永和")):
        config = Config(**options, charset=charset).resolve()
        lines = config.to_flags()
        assert f"--charset={written}" in lines
        for each in options["target_fonts"]:
            assert f"--target_fonts={tmp_path / each}" in lines
        assert not config.conflicts(dataclasses.replace(config, charset=written, target_fonts=()))
    assert config.conflicts(dataclasses.replace(config, charset="永")) == [
        ("charset", "永和", "永")
    ]
