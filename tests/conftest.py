"""What the tests share."""

import collections
import functools
import gc
import importlib
import multiprocessing.util
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

# Before anything imports TensorFlow.
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
# Of TensorFlow, and of NumPy and PyTorch: threads that wait for work cost more than they save.
os.environ["TF_NUM_INTRAOP_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import pytest
from PIL import Image

from gan_tf.files.file_lock import exclusive
from tests.variables import sharing_kernels

ROOT = pathlib.Path(__file__).parent.parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Files of many slow tests are first, so that no process is alone with one at the end."""
    slow = collections.Counter(each.path for each in items if each.get_closest_marker("slow"))
    all_tests = collections.Counter(each.path for each in items)
    items.sort(key=lambda each: (-slow[each.path], -all_tests[each.path]))


def pytest_collection_finish():
    """What was imported and collected stays: the garbage collector need not look through it."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def seeded():
    """Each test begins with the same random numbers, in float32, whatever has run before it."""
    import keras  # seconds, which the process that hands out the tests need not spend

    keras.utils.set_random_seed(0)
    keras.config.set_dtype_policy("float32")


@pytest.fixture(scope="module", autouse=True)
def kernels():
    """Keeps TensorFlow's kernels of single operations from test to test: to make them takes long.

    Seeding would clear them, and does after files that have made much, since they fill the memory, as do
    networks that refer to themselves. Numbers that tf.random draws outside of graphs go on where they
    were: draw them with keras.random.
    """
    import keras
    from tensorflow.python import pywrap_tfe

    with pytest.MonkeyPatch.context() as patch, sharing_kernels():
        patch.setattr(pywrap_tfe, "TFE_ContextClearCaches", lambda _: None)
        yield
    if gc.get_count()[2]:
        keras.utils.set_random_seed(0)
        gc.collect()


@pytest.fixture(scope="session", autouse=True)
def ctrl_c():
    """Python's own answer to Ctrl-C, which processes in the background begin without."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session", autouse=True)
def session_folders(tmp_path_factory):
    """Caches and temporary files for the session alone, so that no test finds or leaves anything.

    Of temporary files, processes that are killed or forked would leave some.
    """
    multiprocessing.util.get_temp_dir()  # of sockets, whose paths must be short; it removes this
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        temporary = str(tmp_path_factory.mktemp("temporary"))
        patch.setenv("TMPDIR", temporary)
        patch.setattr(tempfile, "tempdir", temporary)
        yield


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """Makes a folder once for all processes that run the tests: `once(name, make)` returns it.

    `make` is called with the path of the folder, which nothing changes after it.
    """
    parallel = "PYTEST_XDIST_WORKER" in os.environ
    root = tmp_path_factory.getbasetemp()
    root = (root.parent if parallel else root) / "once"

    def folder(name, make):
        path, made = root / name, root / f"{name}.made"
        with exclusive(root / f"{name}.lock", f"Waiting for {name} of another process."):
            if not made.exists():
                shutil.rmtree(path, ignore_errors=True)
                make(path)
                made.touch()
        return path

    return folder


@pytest.fixture(scope="session")
def share_run(once, tmp_path_factory):
    """Trains a run once for all processes: `share_run(name, config_of, **changes)`.

    `config_of(folder, **changes)` returns its `Config`. Returns the path of a copy, as a string.
    """
    from gan_tf.training import loop

    def copy(name, config_of, **changes):
        run = once(f"run-{name}", lambda folder: loop.train(config_of(folder, **changes)))
        return str(shutil.copytree(run, tmp_path_factory.mktemp("trained") / name))

    return copy


@pytest.fixture(scope="session")
def glyphs_dir(once):
    """A tensorflow-datasets folder that has the glyphs."""
    from gan_tf.data.glyphs import Glyphs

    return once("glyphs", lambda folder: Glyphs(data_dir=str(folder)).prepare())


@pytest.fixture(scope="session")
def real_data():
    """The folder of the real data sets; the test is skipped where the environment names none."""
    folder = os.environ.get("TFDS_DATA_DIR")
    if not folder or not (pathlib.Path(folder) / "mnist").is_dir():
        pytest.skip("TFDS_DATA_DIR is not set to a folder with MNIST and CelebA")
    return folder


@pytest.fixture(scope="session")
def photos(once):
    """A folder of 40 small RGB pictures in two sub-folders, `a` and `b`."""

    def make(folder):
        rng = np.random.default_rng(0)
        for index in range(40):
            path = folder / "ab"[index % 2] / f"{index:03d}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(rng.integers(0, 256, (40, 50, 3), np.uint8)).save(path)

    return once("photos", make)


@pytest.fixture(scope="session")
def plain_run(photos, share_run):
    """The folder of a tiny run."""
    return share_run("plain", functools.partial(tiny, photos), epochs=1)


@pytest.fixture(scope="session")
def conditional_run(photos, share_run):
    """The folder of a tiny conditional run, of the classes `a` and `b`."""
    changes = dict(epochs=1, conditional="concat", trick=("ema(0.9)",))
    return share_run("conditional", functools.partial(tiny, photos), **changes)


@pytest.fixture(scope="session")
def packed_run(photos, share_run):
    """The folder of a tiny run whose discriminator judges two images at once."""
    return share_run("packed", functools.partial(tiny, photos), epochs=1, packing=2)


@pytest.fixture(scope="session")
def bigan_run(photos, share_run):
    """The folder of a tiny run with an encoder, whose codes are Gaussian."""
    gan = "bigan(posterior='gaussian')"
    return share_run("bigan", functools.partial(tiny, photos), epochs=1, gan=gan)


STYLES = "stylegan2(width=2, max_width=4, style_dim=4)"
TRANSLATION = dict(
    deterministic=True,
    flip=True,
    jitter=0.1,
    evaluate_every="3steps",
    metric=("psnr(2)",),
    log_every="2steps",
    sample_every="1epoch",
    checkpoint_every="1epoch",
    content_loss=("l1", "perceptual"),
    trick=("ema(0.9)", "diff_augment"),
)


@pytest.fixture(scope="session")
def translation_run(photos, share_run):
    """The folder of a run of `tiny_translation`, scored, with what draws random numbers."""
    return share_run("translation", functools.partial(tiny_translation, photos), **TRANSLATION)


@pytest.fixture(scope="session")
def cyclegan_run(photos, share_run):
    """The folder of a tiny run that translates between `a` and `b`."""
    return share_run("cyclegan", functools.partial(tiny_cyclegan, photos))


@pytest.fixture(scope="session")
def policy_run(tmp_path_factory):
    """The folder of an untrained run of SeqGAN on sentences, whose samples can be steered."""
    from gan_tf.options.config import Config

    folder = tmp_path_factory.mktemp("policy") / "run"
    config = Config(
        dataset="sentences", gan="seqgan", width=4, precision="float32", run_dir=str(folder)
    )
    untrained(config.resolve())
    return str(folder)


@pytest.fixture(scope="session")
def style_run(photos, tmp_path_factory):
    """The folder of an untrained run of a small StyleGAN2 of 28x28 pixels."""
    folder = tmp_path_factory.mktemp("styles") / "run"
    untrained(tiny(photos, folder, arch=STYLES, image_size=28))
    return str(folder)


@pytest.fixture(scope="session")
def labeled_style_run(photos, tmp_path_factory):
    """The same of two classes, whose labels act on the maps."""
    folder = tmp_path_factory.mktemp("styles") / "labeled"
    config = tiny(photos, folder, arch=STYLES, image_size=28, conditional="projection")
    untrained(config)
    return str(folder)


@pytest.fixture(scope="session")
def moving_run(tmp_path_factory):
    """An untrained run of MoCoGAN, conditional, on six frames of moving digits, as a `TrainedRun`."""
    from gan_tf.data.moving_glyphs import MovingGlyphs
    from gan_tf.options.config import Config
    from gan_tf.runs.trained_run import TrainedRun

    config = Config(
        dataset="moving_glyphs",
        frames=6,
        image_size=28,
        arch="mocogan(width=2, motion=2, backbone='dcgan')",  # whose scaled weights do not saturate
        latent_dim=7,
        conditional="concat",
        precision="float32",
        run_dir=str(tmp_path_factory.mktemp("moving") / "run"),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MovingGlyphs, "num_examples", 100)
        return TrainedRun(untrained(config.resolve(), scale=6).path)


@pytest.fixture(scope="session")
def fonts_run(share_run):
    """The folder of a tiny run on two fonts that matplotlib ships."""
    return share_run("fonts", tiny_fonts)


@pytest.fixture
def command(tmp_path):
    """Runs `python -m gan_tf.<name> flags...` in a process of its own, in an empty folder.

    Returns the `subprocess.CompletedProcess`, with text output.
    """

    def run(name, *arguments, env=None, timeout=300):
        return run_command(name, arguments, env, tmp_path, timeout)

    return run


@pytest.fixture
def command_here(tmp_path, monkeypatch, capsys):
    """Does the same in this process, which has imported everything: for commands that end early."""
    import keras

    from gan_tf.options import flags

    def run(name, *arguments):
        argv = [name, *map(str, arguments)]
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", argv)
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            flags.run(importlib.import_module(f"gan_tf.{name}").main)
        return subprocess.CompletedProcess(argv, end.value.code, *capsys.readouterr())

    yield run
    keras.config.set_dtype_policy("float32")


def run_command(name, arguments, env=None, folder=None, timeout=300):
    """Runs `python -m gan_tf.<name>` in a process of its own; see `command`."""
    return subprocess.run(
        [sys.executable, "-m", f"gan_tf.{name}", *map(str, arguments)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | (env or {}),
        capture_output=True,
        text=True,
        timeout=timeout,
    )


def tiny(photos, run_dir, **changes):
    """The resolved `Config` of a run of 2 epochs of 5 steps on the photos."""
    from gan_tf.options.config import Config

    options = dict(
        dataset="image_folder",
        image_dir=str(photos),
        image_size=8,
        arch="mlp(width=4)",
        latent_dim=5,
        batch_size=8,
        epochs=2,
        precision="float32",
        run_dir=str(run_dir),
    )
    return Config(**options | changes).resolve()


def tiny_translation(photos, run_dir, **changes):
    """The resolved `Config` of a run like `tiny`, which colors the photos."""
    from gan_tf.options.config import Config

    options = dict(
        gan="pix2pix",
        pair_by="grayscale",
        arch="unet(width=4)",
        discriminator="patchgan(layers=1, width=4)",
        latent_dim=Config.latent_dim,
        image_size=16,
    )
    return tiny(photos, run_dir, **options | changes)


def tiny_cyclegan(photos, run_dir, **changes):
    """The resolved `Config` of a run of 6 steps like `tiny`, between the classes of the photos."""
    from gan_tf.options.config import Config

    options = dict(
        gan="cyclegan(pool=12)",
        domains="a,b",
        arch="unet(width=2)",
        discriminator="patchgan(layers=1, width=2)",
        latent_dim=Config.latent_dim,
        image_size=16,
        steps=6,
        trick=("ema(0.9)", "lr_decay(start=0.5, total_steps=6)"),
    )
    return tiny(photos, run_dir, **options | changes)


def tiny_fonts(run_dir, **changes):
    """The resolved `Config` of a run of 4 steps that translates twenty letters to two fonts."""
    from gan_tf.data.fonts import shipped
    from gan_tf.options.config import Config

    options = dict(
        gan="zi2zi(shuffle=True)",
        generator_steps=2,
        dataset="fonts",
        charset="ABCDEFGHIJKLMNOPQRST",
        target_fonts=(shipped("DejaVuSerif"), shipped("DejaVuSans-Bold")),
        image_size=16,
        width=4,
        batch_size=4,
        steps=4,
        checkpoint_every="2steps",
        precision="float32",
        run_dir=str(run_dir),
    )
    return Config(**options | changes).resolve()


def untrained(config, scale=1):
    """Writes the run directory of a `Config` that has a checkpoint at step 0; returns its `RunDir`.

    The generator's weights are multiplied: those of new DCGANs make gray images that hardly differ.
    """
    import keras

    from gan_tf import modalities
    from gan_tf.data import build as datasets
    from gan_tf.data import pipeline
    from gan_tf.gans.build import build, initialize_from_data
    from gan_tf.runs.checkpoint_store import CheckpointStore
    from gan_tf.runs.run_dir import RunDir
    from gan_tf.runtime.precision import policy

    run, data = RunDir(config.run_dir), pipeline.load(datasets.build(config))
    keras.utils.set_random_seed(config.seed)
    with policy(config.precision):
        shape = modalities.of(data).network_shape(data.samples.shape[1:])
        gan = build(config, shape, data.label_names, source_shape=data.source_shape)
    if scale != 1:
        for weight in gan.networks["generator"].trainable_variables:
            weight.assign(scale * weight)
    initialize_from_data(gan, config, data)
    CheckpointStore(run.checkpoints).save(gan)
    run.write_data(data)
    run.write_flags(config)
    return run


def bare_run(run_dir, names=(), steps=(10,), best=(), **options):
    """Writes a run directory without weights, of 28x28 digits; returns its `RunDir`.

    Args:
        names: of the classes.
        steps: of the checkpoints, which are empty.
        best: of the best checkpoint.
        **options: of its `Config`.
    """
    import json

    from gan_tf.options.config import Config
    from gan_tf.runs.run_dir import RunDir

    run = RunDir(run_dir)
    for folder, found in ((run.checkpoints, steps), (run.best, best)):
        for step in found:
            (folder / f"{step:08d}").mkdir(parents=True)
    run.path.mkdir(parents=True, exist_ok=True)
    run.write_flags(Config(**{"dataset": "mnist", "arch": "mlp"} | options).resolve())
    facts = {"sample_shape": [28, 28, 1], "num_examples": 100, "label_names": list(names)}
    if names:
        facts["label_counts"] = [100 // len(names)] * len(names)
    run.data.write_text(json.dumps(facts))
    return run


def examples(images, labels=None, label_names=()):
    """`Examples` of images."""
    from gan_tf.data.examples import Examples

    arrays = {"image": images} | ({} if labels is None else {"label": labels})
    return Examples(arrays, label_names)


def assert_user_error(result, *words):
    """Asserts that a command ended with one sentence that has these words, and no traceback."""
    assert result.returncode != 0
    assert "Traceback" not in result.stderr, result.stderr
    errors = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 1, result.stderr
    for word in words:
        assert word in errors[0], errors[0]
