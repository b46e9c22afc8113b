"""The notebooks, cell by cell, at a small size; and the outputs that are stored in them."""

import json
import os
import subprocess
import sys

import pytest

from tests import forks
from tests.conftest import ROOT
from tests.docs import markdown

FOLDER = ROOT / "docs" / "tutorials"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
SMALL = {
    "first_gan": dict(STEPS=30, ARCH="mlp", COUNT=100),
    "pairs": dict(STEPS=3, PAIRS=40, WIDTH=4),
    "sentences": dict(LIKELIHOOD=1, DISCRIMINATOR=1, STEPS=3, WIDTH=4, COUNT=20),
    "when_training_fails": dict(STEPS=3, ARCH="mlp(width=8)"),
    "your_own_parts": dict(STEPS=3, ARCH="mlp(width=8)"),
    "your_photographs": dict(STEPS=3, COUNT=80, ARCH="mlp(width=8)"),
}
PRINTED = {
    "pairs": ["paired_folder: 38 images of 32x32x3.", "1 images: translated"],
    "sentences": ["temperature 0.5: ", "\nmany old "],
    "when_training_fails": ["Health: not judged"],
    "your_own_parts": ["(did you mean 'margin'?)", "--gan=simultaneous\n"],
    "your_photographs": ["broken.jpg", "notes.txt"],
}
NOISE = (
    "I0000",
    "E0000",
    "W0000",
    "WARNING",
    "Warning",
    "oneDNN",
    "cuda",
    "Traceback",
    "retracing",
)


def stored(notebook):
    """The cells with code of a notebook."""
    cells = json.loads(notebook.read_text())["cells"]
    return [each for each in cells if each["cell_type"] == "code"]


def kind(shown):
    """What a cell shows: "png", "text" or None."""
    return shown and ("png" if shown.startswith("png of ") else "text")


def kind_stored(cell):
    """What the stored output of a cell shows."""
    results = [each["data"] for each in cell["outputs"] if each["output_type"] == "execute_result"]
    return ("png" if "image/png" in results[0] else "text") if results else None


def outcome(name, result):
    """What the cells of a notebook have printed and shown, given the `subprocess.CompletedProcess`."""
    assert result.returncode == 0, result.stdout + result.stderr
    *printed, line = result.stdout.splitlines(keepends=True)
    shown = json.loads(line.removeprefix("SHOWN "))
    cells = stored(FOLDER / f"{name}.ipynb")
    assert list(map(kind, shown[: len(cells)])) == list(map(kind_stored, cells))
    return "".join(printed), shown


def arguments(name, **parameters):
    """The arguments of `tests.docs.kernel` for a small notebook."""
    return [str(FOLDER / f"{name}.ipynb"), json.dumps(SMALL[name] | parameters)]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(PRINTED))
def test_the_cells_run_and_show_what_is_stored(name, tmp_path, glyphs_dir):
    places = {"PYTHONPATH": str(ROOT), "TFDS_DATA_DIR": str(glyphs_dir), "MPLBACKEND": "agg"}
    result = forks.run("tests.docs.kernel", arguments(name), places, tmp_path)
    printed, _ = outcome(name, result)
    assert all(each in printed for each in PRINTED[name])


@pytest.mark.slow
def test_the_first_notebook_runs_without_noise(tmp_path, glyphs_dir):
    """In a process of its own, in which TensorFlow must keep quiet."""
    after = [
        "gan.save('gan.keras')",
        # In another process, classes of tricks and layers are not imported yet.
        "import subprocess, sys\n"
        "code = 'import gan_tf, keras; gan_tf.GAN; print(keras.models.load_model(\"gan.keras\").step)'\n"
        "subprocess.run([sys.executable, '-c', code], check=True, capture_output=True).returncode",
    ]
    result = subprocess.run(
        [sys.executable, "-m", "tests.docs.kernel", *arguments("first_gan", after=after)],
        cwd=tmp_path,
        env={name: each for name, each in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
        | {"PYTHONPATH": str(ROOT), "TFDS_DATA_DIR": str(glyphs_dir)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    printed, shown = outcome("first_gan", result)
    for text in (printed, result.stderr):
        assert not [word for word in NOISE if word in text], text
    logits, step, probabilities, _, loaded = (shown[each] for each in (4, -4, -3, -2, -1))
    assert logits.startswith("array([") and logits.count(",") >= 15
    assert step == "30" and loaded == "0" and probabilities.startswith("[0.")
    assert "mode_count" in printed and len(list((tmp_path / "digits").glob("*.png"))) == 16
    assert (tmp_path / "runs" / "first" / "samples" / "step-00000030.png").is_file()


def test_every_notebook_is_run():
    assert {each.stem for each in NOTEBOOKS} == SMALL.keys() == {*PRINTED, "first_gan"}


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda each: each.stem)
def test_what_is_stored_is_whole_small_and_of_no_machine(notebook):
    text, cells = notebook.read_text(), stored(notebook)
    assert len(text) < 400_000
    assert [each["execution_count"] for each in cells] == [*range(1, len(cells) + 1)]
    outputs = [output for each in cells for output in each["outputs"]]
    assert not [each for each in outputs if each["output_type"] == "error"]
    assert any("image/png" in each.get("data", {}) for each in outputs)
    streams = "".join("".join(each.get("text", "")) for each in outputs)
    assert "100%|" in streams and not [
        word for word in ("/home", "/tmp", *NOISE) if word in streams
    ]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda each: each.stem)
def test_what_a_notebook_links_to_exists(notebook):
    cells = json.loads(notebook.read_text())["cells"]
    text = "\n\n".join("".join(each["source"]) for each in cells if each["cell_type"] == "markdown")
    for link in markdown.links(text):
        path, _, anchor = link.target.partition("#")
        if not path.startswith("https://"):
            assert (FOLDER / path).is_file(), link
            assert not anchor or anchor in markdown.anchors((FOLDER / path).read_text()), link
