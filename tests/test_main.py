"""The command lines `gan_tf.main` and `gan_tf.generate`, as far as they need no training."""

import contextlib
import dataclasses
import importlib
import subprocess
import sys

import pytest

from gan_tf import main
from gan_tf.errors import UserError
from gan_tf.generate import Options
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.registry import ARCHITECTURES, DATASETS, LOSSES, OPTIMIZERS
from gan_tf.runs.run_dir import RunDir
from tests.conftest import ROOT, assert_user_error, bare_run


@pytest.mark.parametrize("name, options", [("main", Config), ("generate", Options)])
def test_help_names_every_flag_once_with_its_text_and_range(command_here, name, options):
    result = command_here(name, "--helpfull")
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    told = " ".join(result.stdout.split())
    for field in dataclasses.fields(options):
        assert sum(line.split("=")[0] == f"  --{field.name}" for line in lines) == 1, field.name
        assert " ".join(field.metadata["text"].split()) in told
        if field.default not in (None, ()):
            default = str(field.default).lower() if field.type is bool else field.default
            assert f"  --{field.name}={default}" in lines
        low, high = field.metadata["low"], field.metadata["high"]
        if low is not None:
            assert f"({low} or more)" in told if high is None else f"(from {low} to {high})" in told
        if field.metadata["choices"]:
            assert ", ".join(field.metadata["choices"]) + ")" in told


def test_the_full_help_is_grouped(command_here):
    lines = command_here("main", "--helpfull").stdout.splitlines()
    groups = [line for line in lines if line and not line.startswith(" ")][1:]
    assert groups == ["Data:", "Networks:", "Training:", "Evaluation:", "Output:", "Other:"]
    entries = [line for line in lines if line.startswith(" " * 8)]
    flags = [line for line in lines if line.startswith("  --")]
    # Two lines for most flags, a line for each entry of a registry.
    assert len(lines) - len(entries) < 2.4 * len(flags) + 20
    assert max(map(len, lines)) < 120


@pytest.mark.parametrize(
    "registry", [DATASETS, ARCHITECTURES, LOSSES, OPTIMIZERS], ids=lambda each: each.kind
)
def test_help_lists_every_entry(command_here, registry):
    words = [
        " ".join(line.split()) for line in command_here("main", "--helpfull").stdout.splitlines()
    ]
    for entry in registry.entries.values():
        assert f"{entry.name} {entry.summary}" in words


@pytest.mark.parametrize(
    "name, arguments, status",
    [
        ("main", ["--help"], 0),
        ("main", ["--help=loss"], 0),
        ("main", ["--loss=wgan-gp"], 1),
        ("main", ["--epcohs=3"], 1),
        ("main", ["--dataset=mnsit"], 1),
        ("main", ["--image_size=30"], 1),
        ("generate", ["--help"], 0),
        ("generate", [], 1),
        ("generate", ["--format=pgn"], 1),
        ("generate", ["--run_dir=missing"], 1),
    ],
)
def test_help_and_flag_errors_do_not_wait_for_tensorflow(name, arguments, status):
    late = {"keras", "tensorflow"} | ({"numpy"} if name == "main" else set())
    code = (
        "import sys\n"
        f"LATE = {late | {'absl'}}\n"
        f"from gan_tf import {name}\n"
        "from gan_tf.options import flags\n"
        "try:\n"
        f"    flags.run({name}.main)\n"
        "finally:\n"
        "    print('imported:', *LATE & set(sys.modules))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert result.returncode == status
    assert result.stdout.splitlines()[-1] == "imported: absl"


@pytest.mark.slow
def test_a_folder_of_few_images_is_enough_to_say(photos, tmp_path, capsys):
    own = ["--dataset=image_folder", f"--image_dir={photos}", f"--run_dir={tmp_path / 'run'}"]
    assert main.main(["", *own, "--dry_run"]) == 0
    printed = capsys.readouterr().out
    assert "holds at most 40 images, which are few for a GAN" in printed
    assert "--trick=diff_augment('color,translation')" in printed.splitlines()
    assert "an epoch is 2 steps of 16, the run 4,000 steps" in printed
    assert "too short" not in printed


@pytest.mark.parametrize(
    "name, arguments",
    [
        ("main", ["--dataset=image_folder", "--image_dir=gone"]),
        ("main", ["--run_dir={run}", "--latent_dim=5"]),
        ("generate", ["--run_dir={run}", "--label=77"]),
        ("evaluate", ["--run_dir={run}", "--checkpoint=7"]),
        ("explore", ["--run_dir={run}", "--checkpoint=best"]),
        ("export", ["--run_dir={run}", "--checkpoint=7"]),
        ("export", ["--run_dir={run}", "--out={run}"]),
        ("invert", ["--run_dir={run}", "--images=gone"]),
        ("anomaly", ["--run_dir={run}", "--dataset", "--checkpoint=7"]),
        ("restore", ["--run_dir={run}", "--dataset", "--label=77"]),
        ("invert", ["--run_dir={moved}", "--dataset"]),
        ("generate", ["--run_dir={moved}", "--reject=drs"]),
        ("augment", ["--run_dir={moved}", "--out=x", "--reject=drs"]),
        ("evaluate", ["--run_dir={moved}"]),
        ("restore", ["--run_dir={run}", "--dataset", "--mask=gone.png"]),
        ("augment", ["--run_dir={run}", "--out=x", "--checkpoint=7"]),
        ("augment", ["--run_dir={run}", "--out=x", "--num_images=100000000"]),
    ],
)
def test_what_files_tell_is_checked_before_tensorflow_is_imported(
    name, arguments, tmp_path, monkeypatch
):
    """TensorFlow is imported in this process; so none of these may reach what imports it."""

    @contextlib.contextmanager
    def reached():
        raise AssertionError("it was checked too late")
        yield

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(flags, "quiet_import", reached)
    run = bare_run(tmp_path / "run", tuple("0123456789"), conditional="concat")
    data = {"dataset": "image_folder", "image_dir": str(tmp_path / "gone")}
    moved = bare_run(tmp_path / "moved", ("a", "b"), conditional="concat", **data)
    paths = {"run": run.path, "moved": moved.path}
    command = importlib.import_module(f"gan_tf.{name}")
    with pytest.raises(UserError):
        command.main(["", *(each.format(**paths) for each in arguments)])


@pytest.mark.parametrize(
    "argument, suggestion",
    [
        ("--epcohs=3", "epochs"),
        ("--image-size=28", "image_size"),
        ("--nofilp", "flip"),
        ("--dryrun", "dry_run"),
        ("--dataset=mnits", "mnist"),
        ("--dataset=CelebA", "celeb_a"),
        ("--arch=dcgn", "dcgan"),
        ("--loss=nonsaturating", "non_saturating"),
        ("--generator_optimizer=adma(2e-4)", "adam"),
        ("--discriminator_optimizer=adam(2e-4, beta1=0)", "beta_1"),
        ("--precision=bfloat16", "mixed_bfloat16"),
        ("--crop=cneter", "center"),
    ],
)
def test_a_misspelt_word_suggests_the_nearest(command_here, argument, suggestion):
    result = command_here("main", argument)
    assert_user_error(result, f"(did you mean '{suggestion}'?)")
    assert result.returncode == 1


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--epochs=0"], ["--epochs=0 is out of range: it must be 1 or more."]),
        (["--batch_size=0"], ["--batch_size=0", "from 1 to 65536"]),
        (["--batch_size=1"], ["--batch_size=1", "give 2 or more"]),
        (["--latent_dim=ten"], ["--latent_dim=ten", "a whole number, from 1 to 4096"]),
        (["--flip=perhaps"], ["--flip=perhaps: it must be true or false."]),
        (["--noflip=1"], ["--noflip=1"]),
        (["--epochs"], ["--epochs"]),
        (["mnist"], ["'mnist' is not a flag: flags are written --name=value."]),
        (["--generator_optimizer=adam('fast')"], ["'fast'", "float", "'learning_rate'"]),
        (["--generator_optimizer=adam("], ["Invalid optimizer 'adam('", "adam, rmsprop, sgd"]),
        (["--sample_every=daily"], ["--sample_every=daily", "1epoch"]),
        (["--arch=dcgan", "--image_size=48"], ["48 pixels", "28, 32, 64, 128", "--arch=mlp"]),
        (["--dataset=image_folder"], ["needs --image_dir="]),
        (["--flagfile=missing.flags"], ["missing.flags"]),
        (["--arch=dcgan(upsampling='foo')"], ["In --arch=dcgan(", "upsampling=foo", "nearest"]),
        (["--arch=dcgan(width=0)"], ["In --arch=dcgan(width=0), width=0", "from 1 to 4096"]),
        (["--minibatch_stddev=1"], ["--minibatch_stddev=1", "2 or more"]),
        (["--penalty=r1", "--penalty=r1(2)"], ["--penalty=r1 is given twice"]),
        # What only the part itself knows, but before there is a run, or data.
        (["--penalty=weight_clip(-1)"], ["weight_clip(-1.0)", "above 0"]),
        (["--dry_run", "--trick=ema(2)"], ["ema(2.0)", "below 1"]),
    ],
)
def test_a_wrong_flag_is_one_sentence_and_leaves_nothing(command_here, tmp_path, arguments, words):
    result = command_here("main", *arguments)
    assert_user_error(result, *words)
    assert (result.returncode, result.stdout) == (1, "")
    assert len(result.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_process_ends_with_the_sentence(command):
    result = command("main", "--epcohs=3", "--epochs=0")
    assert_user_error(result, "(did you mean 'epochs'?)")
    assert (result.returncode, result.stdout, len(result.stderr.splitlines())) == (1, "", 1)


@pytest.mark.parametrize(
    "arguments, words",
    [
        ([], ["--run_dir="]),
        (["--run_dir=missing"], ["'missing' is not a run directory"]),
        (["--run_dir=a", "--num_images=0"], ["--num_images=0", "1 or more"]),
        (["--run_dir=a", "--format=pgn"], ["(did you mean 'png'?)", "gif, grid, jpeg"]),
        (["--run_dir=a", "--num_image=3"], ["(did you mean 'num_images'?)"]),
        (["--run_dir=a", "--seed=-1"], ["--seed=-1"]),
    ],
)
def test_generate_refuses_in_one_sentence(command_here, tmp_path, arguments, words):
    result = command_here("generate", *arguments)
    assert_user_error(result, *words)
    assert (result.returncode, result.stdout) == (1, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_generate_from_a_run_that_has_not_been_trained(command, tmp_path):
    run = RunDir(tmp_path / "run")
    run.path.mkdir()
    run.write_flags(Config().resolve())
    assert_user_error(command("generate", "--run_dir=run"), "data.json", "ever trained")
