"""What the ONNX format shows its users; test_exporter.py writes files where ONNX is installed."""

import sys
import types

import numpy as np
import pytest

from gan_tf.exporters.exported import Input
from gan_tf.exporters.onnx_file import OnnxFile


@pytest.mark.parametrize("conditional", [False, True])
def test_the_lines_on_the_card_run_the_file_by_its_inputs(conditional, monkeypatch):
    given = {"latent": np.ones((2, 3), np.float32)}
    given |= {"label": np.int32([0, 1])} if conditional else {}
    inputs = [Input(name, array.dtype.name) for name, array in given.items()]
    ran = []

    class InferenceSession:
        def __init__(self, path):
            ran.append(path)

        def run(self, outputs, inputs):
            ran.append((outputs, inputs))
            return ["the images"]

    runtime = types.SimpleNamespace(InferenceSession=InferenceSession)
    monkeypatch.setitem(sys.modules, "onnxruntime", runtime)
    names = dict(given)
    exec(OnnxFile("images").usage(inputs), names)
    assert ran == ["generator.onnx", (None, given)]
    assert names["images"] == "the images"
