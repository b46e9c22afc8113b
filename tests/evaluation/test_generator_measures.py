"""What scores measure of a generator: path lengths of a linear one, and of StyleGAN2 in float64."""

import json

import keras
import numpy as np
import pytest

from gan_tf import evaluate, latents
from gan_tf.evaluation.generator_measures import EPSILON, GeneratorMeasures
from gan_tf.metrics.path_length import path_length
from gan_tf.modalities.image import Image
from gan_tf.networks import build, styles
from gan_tf.networks.conditioning import Projection
from gan_tf.networks.stylegan2 import StyleGAN2
from gan_tf.registry import FEATURES
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.runtime import precision

SHAPE = (4, 4, 1)


@pytest.mark.slow
def test_a_run_is_scored_by_it(labeled_style_run, tmp_path, capsys):
    file = tmp_path / "scores.json"
    evaluate.main(["", f"--run_dir={labeled_style_run}", "--metric=ppl(15)", f"--json={file}"])
    scored = json.loads(file.read_text())["metrics"]["ppl"]
    trained = TrainedRun(labeled_style_run)
    about = trained.kind.cls, trained.generator, trained.modality, trained.class_frequencies
    features = FEATURES.build("random_conv", {"image_shape": trained.sample_shape})
    value, error = path_length(GeneratorMeasures(*about).path_distances(features, 15))
    assert scored == {"value": value, "standard_error": error, "n": 15}
    assert value > 0 and "lower" in capsys.readouterr().out


def linear(labeled=False):
    """Images that are linear in w, which is the latent, or the latent plus the label."""
    inputs = w = keras.Input((3,))
    if labeled:
        inputs = [inputs, keras.Input((), dtype="int32")]
        shift = keras.layers.Embedding(2, 3, keras.initializers.RandomNormal(0.0, 1.0))
        w = keras.layers.Add()([w, shift(inputs[1])])
    w = styles.MeanW(name=styles.AVERAGE)(w)
    rows = keras.layers.RepeatVector(2, name=styles.STYLES)(w)
    start = keras.initializers.RandomNormal(0.0, 0.1)
    x = keras.layers.Dense(16, kernel_initializer=start)(keras.layers.Flatten()(rows))
    return keras.Model(inputs, keras.layers.Reshape(SHAPE)(x))


@pytest.mark.parametrize("labeled", [False, True])
def test_of_a_linear_generator_they_are_those_of_whole_paths(labeled):
    network = linear(labeled)
    frequencies = (1, 3) if labeled else None
    measures = GeneratorMeasures(None, network, Image(), frequencies)
    pixels = FEATURES.build("pixels", {"image_shape": SHAPE})
    found = measures.path_distances(pixels, 150)
    start, end = (latents.draw(0, range(which, 300, 2), 3) for which in (0, 1))
    kernel = network.layers[-2].kernel.numpy().astype(np.float64)
    differences = (end - start) @ (kernel[:3] + kernel[3:])  # both have the same label
    expected = np.sum((differences / 2) ** 2, axis=1)  # pixels are from 0 to 1
    np.testing.assert_allclose(found, expected, rtol=0.02)
    assert np.mean(found) == pytest.approx(np.mean(expected), rel=1e-3)
    np.testing.assert_array_equal(measures.path_distances(pixels, 7), found[:7])


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_float32_is_enough_for_the_step_and_half_precision_is_not_used(policy):
    keras.utils.set_random_seed(0)
    architecture = StyleGAN2(width=4, max_width=16, style_dim=16)
    options = dict(num_classes=3, conditioning=Projection())
    with precision.policy(policy):
        network = build.generator(build.NetworkSpec(architecture, (28, 28, 1), 16, **options))
    pixels = FEATURES.build("pixels", {"image_shape": (28, 28, 1)})
    found = GeneratorMeasures(None, network, Image(), (1, 1, 1)).path_distances(pixels, 20)

    exact = precision.computing_in(network, "float64")
    mapping, synthesis = styles.mapping(exact), styles.synthesis(exact)
    labels = latents.draw_labels(0, range(20), (1, 1, 1))
    start, end = (
        np.float32(mapping([latents.draw(0, range(which, 40, 2), 16), labels])) for which in (0, 1)
    )
    images = [
        np.asarray(synthesis([each, labels])) for each in (start, start + EPSILON * (end - start))
    ]
    small = [image.reshape(20, 14, 2, 14, 2, 1).mean((2, 4)) for image in images]
    expected = np.sum(((small[1] - small[0]) / 2 / EPSILON) ** 2, axis=(1, 2, 3))
    np.testing.assert_allclose(found, expected, rtol=0.02)
    assert np.mean(found) == pytest.approx(np.mean(expected), rel=2e-3)
