"""The notebook, cell by cell in a process of its own, in which TensorFlow must keep quiet."""

import json
import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

NOTEBOOK = ROOT / "docs" / "first_gan.ipynb"
# Runs cells as a notebook does: the value of a last expression is shown.
KERNEL = """
import ast, json, sys
shown, names = [], {}
for cell in json.load(sys.stdin):
    *body, last = ast.parse(cell).body
    show = isinstance(last, ast.Expr)
    exec(compile(ast.Module([*body, *([] if show else [last])], []), "cell", "exec"), names)
    value = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if show else None
    draw = getattr(value, "_repr_png_", None)
    shown.append(f"png of {len(draw())} bytes" if draw else repr(value))
print("SHOWN " + json.dumps(shown))
"""
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


def cells():
    notebook = json.loads(NOTEBOOK.read_text())
    return ["".join(each["source"]) for each in notebook["cells"] if each["cell_type"] == "code"]


@pytest.mark.slow
def test_the_cells_run_and_show_samples_without_noise(tmp_path, glyphs_dir):
    shorter = {
        "epochs=5": "arch='mlp', steps=30",
        "discriminator)": "discriminator, tricks=['ema'])",
    }
    code = cells()
    for old, new in shorter.items():
        assert any(old in each for each in code)
        code = [each.replace(old, new) for each in code]
    code += [
        "gan.save('gan.keras')",
        # In another process, classes of tricks and layers are not imported yet.
        "import subprocess, sys\n"
        "code = 'import gan_tf, keras; gan_tf.GAN; print(keras.models.load_model(\"gan.keras\").step)'\n"
        "subprocess.run([sys.executable, '-c', code], check=True, capture_output=True).returncode",
    ]
    result = run(code, tmp_path, TFDS_DATA_DIR=str(glyphs_dir))
    assert result.returncode == 0, result.stderr
    for text in (result.stdout, result.stderr):
        assert not [word for word in NOISE if word in text], text
    *_, line = result.stdout.splitlines()
    train, picture, logits, step, probabilities, _, loaded = json.loads(line.removeprefix("SHOWN "))
    assert train == "None" and picture.startswith("png of ") and int(picture.split()[2]) > 1000
    assert logits.startswith("array([") and logits.count(",") >= 15
    assert step == "30" and loaded == "0" and probabilities.startswith("[0.")
    assert (tmp_path / "runs" / "notebook" / "samples" / "step-00000030.png").is_file()


def run(code, folder, **environment):
    quiet = {name: each for name, each in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    return subprocess.run(
        [sys.executable, "-c", KERNEL],
        input=json.dumps(code),
        cwd=folder,
        env=quiet | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
