"""`python -m gan_tf.export`, as a user runs it."""

import json

import keras
import numpy as np
import pytest
from PIL import Image

from gan_tf import export
from gan_tf.errors import UserError
from gan_tf.exporters import model_card, verification
from gan_tf.exporters.keras_file import KerasFile
from gan_tf.options import extras
from gan_tf.runs.run_dir import RunDir
from tests.conftest import tiny, untrained


@pytest.fixture(scope="module")
def folder(photos, tmp_path_factory):
    """Runs: `plain`, `conditional` and `random`, whose dropout goes on, and `own`, of own layers."""
    folder = tmp_path_factory.mktemp("export")
    for name, changes in {
        "plain": {},
        "conditional": dict(conditional="projection", trick=("ema(0.9)",)),
        "random": dict(trick=("generator_dropout(0.5)",)),
        "own": dict(generator_norm="virtual_batch"),
    }.items():
        untrained(tiny(photos, folder / name, **changes))
    return folder


@pytest.fixture
def here(monkeypatch):
    """Lets what was exported be loaded in this process, which has TensorFlow already."""
    called = []

    def value_of(name, code, folder, arrays, without_package=True):
        called.append(without_package)
        names = dict(arrays)
        monkeypatch.chdir(folder)
        exec(code, names)
        return np.asarray(names[name])

    monkeypatch.setattr(verification, "value_of", value_of)
    return called


def run(*arguments):
    return export.main(["export", *map(str, arguments)])


@pytest.mark.slow
def test_an_export_is_checked_without_this_package(folder, tmp_path, capsys):
    out = tmp_path / "out"
    assert run(f"--run_dir={folder / 'conditional'}", "--dtype=uint8", f"--out={out}") == 0
    printed = capsys.readouterr().out
    assert "in a new process without gan_tf: the values of 8 images differ" in printed
    assert "at most 0 of 255" in printed or "at most 1 of 255" in printed
    assert {each.name for each in out.iterdir()} == {
        "generator.keras",
        "MODEL_CARD.md",
        "samples.png",
    }
    generator = keras.saving.load_model(out / "generator.keras")
    made = generator([np.zeros((2, 5), np.float32), np.array([0, 1])])
    assert made.shape == (2, 8, 8, 3) and keras.backend.standardize_dtype(made.dtype) == "uint8"


@pytest.mark.parametrize(
    "form, file",
    [
        ("saved_model", "saved_model"),
        pytest.param("tflite", "generator.tflite", marks=pytest.mark.slow),
    ],
)
def test_each_export_has_a_folder_of_its_own(folder, here, form, file, capsys):
    assert run(f"--run_dir={folder / 'plain'}", f"--format={form}") == 0
    out = folder / "plain" / "exported" / f"{form}-float32"
    assert (out / file).exists() and (out / "MODEL_CARD.md").is_file()
    assert str(out / file) in capsys.readouterr().out
    assert here == [True]
    assert not list(out.parent.glob(".writing*"))


@pytest.mark.slow
def test_a_translation_is_exported_for_images_of_any_size(translation_run, tmp_path, capsys):
    out = tmp_path / "out"
    arguments = [f"--run_dir={translation_run}", f"--out={out}", "--dtype=uint8"]
    assert run(*arguments, "--format=saved_model") == 0
    printed = capsys.readouterr().out
    # Eight of the size of training, and one of another.
    assert "in a new process without gan_tf: the values of 9 images differ" in printed
    card = (out / "MODEL_CARD.md").read_text()
    for words in (
        "# translation: a translator of images",
        "`serving_default`: `(source float32 (n, h, w, 1), from -1 to 1) -> images uint8 (n, h, w, 3)`",
        "best with sides that are multiples of 16",
        "--content_loss=perceptual",
    ):
        assert words in card, words
    assert "latent float32" not in card and "generate`" not in card
    with Image.open(out / "samples.png") as picture:
        assert picture.size == (6 * 18 - 2, 1 * 18 - 2)  # two held-out pairs


def test_an_export_is_replaced_by_the_next(folder, here, tmp_path):
    out = tmp_path / "out"
    for dtype in ("float32", "uint8"):
        run(f"--run_dir={folder / 'plain'}", f"--out={out}", f"--dtype={dtype}")
    assert "| images | 8x8, RGB, uint8 from 0 to 255 |" in (out / "MODEL_CARD.md").read_text()


@pytest.mark.slow
def test_layers_that_keras_does_not_have_are_named(folder, here, tmp_path, capsys):
    run(f"--run_dir={folder / 'own'}", f"--out={tmp_path / 'out'}")
    printed = capsys.readouterr().out
    assert "Keras has no layers for Examples, Reference, VirtualBatchNormalization" in printed
    assert "in a new process with gan_tf" in printed
    assert "import gan_tf.networks.normalization" in (tmp_path / "out/MODEL_CARD.md").read_text()
    assert here == [False]
    run(f"--run_dir={folder / 'own'}", f"--out={tmp_path / 'out'}", "--format=saved_model")
    assert "Keras has no layers" not in capsys.readouterr().out
    assert here == [False, True]


def test_an_export_of_other_images_is_removed(folder, here, tmp_path, monkeypatch):
    def write(self, generator, path, class_frequencies=None):
        copy = keras.models.clone_model(generator)  # has weights of its own
        copy.save(path)
        return []

    monkeypatch.setattr(KerasFile, "write", write)
    with pytest.raises(UserError, match=r"images differ from the run's by up to [0-9]+ of 255"):
        run(f"--run_dir={folder / 'plain'}", f"--out={tmp_path / 'out'}")
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_is_no_number_is_removed(folder, here, tmp_path, monkeypatch):
    monkeypatch.setattr(
        verification, "value_of", lambda *_, **__: np.full((8, 8, 8, 3), np.nan, np.float32)
    )
    with pytest.raises(UserError, match="not finite, so the export was removed"):
        run(f"--run_dir={folder / 'plain'}", f"--out={tmp_path / 'out'}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments, words",
    [
        ([], "--run_dir"),
        (["--run_dir=nothing"], "is not a run directory"),
        (["--run_dir={folder}/plain", "--format=keros"], "did you mean 'keras'"),
        (["--run_dir={folder}/plain", "--dtype=int8"], "did you mean 'uint8'"),
        (["--run_dir={folder}/plain", "--checkpoint=9"], "no checkpoint '9'"),
        (["--run_dir={folder}/plain", "--out={folder}"], "holds other files"),
        (["--run_dir={folder}/plain", "--out={folder}/plain/flags.txt"], "is a file"),
        (["--run_dir={folder}/random"], "are random even"),
    ],
)
def test_refuses_in_one_sentence(folder, here, arguments, words):
    with pytest.raises(UserError, match=words):
        run(*(each.format(folder=folder) for each in arguments))
    assert here == []


def test_a_format_whose_modules_are_missing_names_them(folder, monkeypatch):
    monkeypatch.setattr(extras.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"tf2onnx and onnxruntime: .*'.\[onnx\]'"):
        run(f"--run_dir={folder / 'plain'}", "--format=onnx")


def test_the_model_card_says_what_is_known(folder, here, tmp_path):
    source = RunDir(folder / "conditional")
    rows = [{"step": 0, "fid": 12.345}, {"step": 5, "fid": 1.0}]  # the latter is of a later step
    source.metrics.write_text("".join(json.dumps(row) + "\n" for row in rows))
    source.health.write_text(json.dumps({"verdict": "mode_collapse since step 0 (x)", "step": 5}))
    run(f"--run_dir={source.path}", f"--out={tmp_path / 'out'}", "--format=saved_model")
    card = (tmp_path / "out" / "MODEL_CARD.md").read_text()
    for words in (
        "# conditional: a generator of images",
        "Classes: 0: a, 1: b.",
        "| fid | 12.35 | 0 | lower |",
        "mode_collapse since step 0 (x) (at step 5)",
        "not known to gan_tf: those of the images in the folder",
        "--conditional=projection",
        "--trick=ema(0.9)",
        "`generate`",
        "by at most 0 of 255",
    ):
        assert words in card, words
    assert str(folder) not in card and "photos" not in card  # where files were is not told
    with Image.open(tmp_path / "out" / "samples.png") as picture:
        assert picture.size == (8 * 10 - 2, 2 * 10 - 2)


def test_a_policy_is_exported_with_its_tokens(policy_run, here, tmp_path, capsys):
    arguments = (f"--run_dir={policy_run}", f"--out={tmp_path / 'made'}")
    assert export.main(["", *arguments, "--format=saved_model"]) == 0
    assert here == [True]
    assert "the values of 8 sequences differ from the run's, in float32, by at most 0 of 63" in (
        capsys.readouterr().out
    )
    card = (tmp_path / "made" / model_card.NAME).read_text()
    assert "16 indices from 0, int32, of 64 tokens" in card
    assert "latent float32 (n, 16), from N(0, 1)" in card
