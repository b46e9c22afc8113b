"""Every format holds a translator: of any size where the format can, otherwise of training's."""

import functools
import importlib.util
import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from gan_tf.exporters.from_images import FromImages
from gan_tf.networks.layers import own_layers, to_keras_layers
from gan_tf.registry import EXPORTERS
from gan_tf.runs.directions import inverse
from gan_tf.runs.trained_run import TrainedRun
from tests.conftest import tiny_translation, untrained

KINDS = {
    "lab": dict(gan="pix2pix(color='lab')", pair_by="lightness"),
    "larger": dict(
        arch="srresnet(width=4, blocks=1)", pair_by="downscale(2)", generator_norm="batch"
    ),
    "bilinear": dict(pair_by="downscale(2)", upsampling="bilinear", spectral_norm="both"),
}


@pytest.fixture(scope="module")
def trained(photos, tmp_path_factory):
    """A function from one of the `KINDS` to a run of it, on images of 8 pixels."""

    @functools.cache
    def of(kind):
        folder = tmp_path_factory.mktemp(kind)
        config = tiny_translation(photos, folder / "run", image_size=8, **KINDS[kind])
        found = TrainedRun(untrained(config))
        for weight in found.generator.weights:  # so that no residual is 0, nor a mean of batches
            weight.assign_add(tf.random.stateless_uniform(weight.shape, (1, 2), -0.2, 0.2))
        return found

    return of


def exporter_of(form):
    made = EXPORTERS.build(form, {"output": "images"})
    if not all(map(importlib.util.find_spec, made.needs)):
        pytest.skip(f"{', '.join(made.needs)} is not installed")
    return made


# A file of TensorFlow Lite is made from a SavedModel.
PAIRS = [
    pytest.param(form, kind, marks=[pytest.mark.slow] if form in ("onnx", "tflite") else [])
    for form, kinds in {
        "saved_model": KINDS,
        "onnx": KINDS,
        "keras": ("lab", "larger"),
        "tflite": ("lab", "larger"),
    }.items()
    for kind in kinds
]


@pytest.mark.parametrize("form, kind", PAIRS)
@pytest.mark.slow
def test_it_holds_the_translator(trained, form, kind, tmp_path, monkeypatch):
    exporter, run = exporter_of(form), trained(kind)
    exported = FromImages(run, exporter.any_size)
    stock = to_keras_layers(exported.network, warn=False)
    assert exporter.write(stock, tmp_path / exporter.file) == []
    assert not (exporter.keras_layers_only and own_layers(stock))
    monkeypatch.chdir(tmp_path)
    cases = exported.cases()
    assert len({each["source"].shape[1:] for each in cases}) == (2 if exporter.any_size else 1)
    for case in cases:
        names = dict(case)
        exec(exporter.usage(exported.inputs), names)
        expected = exported.expected(case)
        assert np.std(expected) > 0.01
        np.testing.assert_allclose(names["images"], expected, atol=2e-4)
    # The run's own network has the size of training.
    first = cases[0]
    np.testing.assert_allclose(exported.expected(first), run.generate(first["source"]), atol=2e-4)


def test_inputs_and_outputs_are_described(trained):
    exported = FromImages(trained("lab"), any_size=True)
    (source,) = exported.inputs
    assert str(source) == "source float32 (n, h, w, 1), from -1 to 1"
    assert exported.shape == ("h", "w", 3)
    text = " ".join(exported.notes)
    for words in (
        "A source is grayscale",
        "`lightness`: ",
        "multiples of 8, as in training (8x8)",
        "An output is RGB; clip",
        "a and b of CIE Lab",
        "Dropout is off",
    ):
        assert words in text, words
    fixed = FromImages(trained("larger"), any_size=False)
    assert (fixed.inputs[0].shape, fixed.shape) == ((4, 4, 3), (8, 8, 3))
    text = " ".join(fixed.notes)
    assert "It takes images of 4x4 pixels only." in text and "CIE Lab" not in text
    assert "2 times larger than its source" in text
    assert FromImages(trained("larger"), any_size=True).shape == ("2 h", "2 w", 3)


def test_the_lines_on_the_card_bind_what_the_network_takes(trained):
    exported = FromImages(trained("larger"), any_size=True)
    bound = {"np": np}
    exec("\n".join(exported.example()), bound)
    assert exported.expected(bound).shape == (2, 8, 8, 3)


def test_the_picture_needs_the_data(trained, monkeypatch):
    run = trained("lab")
    exported = FromImages(run, any_size=False)
    assert exported.picture().startswith(b"\x89PNG")
    monkeypatch.setitem(vars(run.config), "image_dir", "gone")
    assert exported.picture() is None


@pytest.mark.slow
@pytest.mark.parametrize("form", ["saved_model", "onnx"])
def test_a_conditional_translator_takes_labels_too(fonts_run, form, tmp_path, monkeypatch):
    run = TrainedRun(fonts_run)
    exported = FromImages(run, any_size=True)
    assert [str(each) for each in exported.inputs] == [
        "source float32 (n, h, w, 1), from -1 to 1",
        "label int32 (n,), from 0 to 1, the output's class",
    ]
    assert exported.takes == "images and labels"
    exporter = exporter_of(form)
    exporter.write(exported.network, tmp_path / exporter.file)
    monkeypatch.chdir(tmp_path)
    for case in exported.cases():
        names = dict(case)
        exec(exporter.usage(exported.inputs), names)
        np.testing.assert_allclose(names["images"], exported.expected(case), atol=2e-4)
    first = exported.cases()[0]
    stored = run.modality.to_stored(exported.expected(first))
    assert np.abs(exported.samples(first).astype(int) - stored).max() <= 1
    assert exported.picture().startswith(b"\x89PNG")
    bound = {"np": np}
    exec("\n".join(exported.example()), bound)
    assert exported.expected(bound).shape == (2, 16, 16, 1)


@pytest.mark.slow
@pytest.mark.parametrize("direction", ["a_to_b", "b_to_a"])
def test_either_direction_is_exported(cyclegan_run, direction):
    found = TrainedRun(cyclegan_run, direction=direction)
    exported = FromImages(found, any_size=True)
    source, target = direction.upper().split("_TO_")
    assert exported.notes[0] == (
        f"It translates images of domain {source} to domain {target} (`--direction`)."
    )
    case = exported.cases()[0]
    np.testing.assert_allclose(exported.expected(case), found.generate(case["source"]), atol=1e-5)
    sheet = np.asarray(Image.open(io.BytesIO(exported.picture())))
    held_out = found.held_out().sources[0]
    modality = found.modality
    made = found.generate(modality.to_network(held_out)[None])
    restored = inverse(found).generate(made)
    images = (held_out, modality.to_stored(made)[0], modality.to_stored(restored)[0])
    for index, image in enumerate(images):
        places = np.lib.stride_tricks.sliding_window_view(sheet, image.shape)[..., 0, :, :, :]
        assert np.any(np.abs(places.astype(int) - image).max((-3, -2, -1)) <= 1), index
