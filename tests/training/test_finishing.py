"""The final files of a run."""

import subprocess
import sys

import keras
import numpy as np
import pytest

from gan_tf.runs.run_dir import RunDir
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.training import loop


@pytest.mark.slow
def test_the_final_generator_opens_in_plain_keras_and_agrees_with_the_checkpoint(config):
    options = config(arch="dcgan(width=4)", image_size=28)
    loop.train(options)
    run = RunDir(options.run_dir)
    script = (
        "import sys, keras, numpy as np\n"
        f"generator = keras.models.load_model({str(run.generator)!r})\n"
        "np.save(sys.argv[1], generator.predict(np.ones((2, 5), np.float32), verbose=0))\n"
        "assert not any(name.startswith('gan_tf') for name in sys.modules)\n"
    )
    out = run.path / "plain.npy"
    subprocess.run([sys.executable, "-c", script, out], cwd=run.path, check=True)
    ours = TrainedRun(run).generator.predict(np.ones((2, 5), np.float32), verbose=0)
    np.testing.assert_allclose(np.load(out), ours, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes, plain",
    [
        ({"prior": "uniform"}, True),
        ({"trick": ("infogan(2, 1)", "ema(0.5)"), "prior": "spherical"}, True),
        ({"trick": ("generator_noise",), "conditional": "projection"}, True),
        ({"trick": ("generator_dropout(0.5, False)",), "conditional": "acgan"}, True),
        ({"trick": ("generator_dropout",)}, False),  # Keras has no layer for it
        ({"semi_supervised": 4, "generator_norm": "batch", "spectral_norm": "both"}, True),
        ({"generator_norm": "virtual_batch", "packing": 2, "minibatch_stddev": 2}, False),
    ],
)
def test_what_the_toolbox_adds_is_in_the_final_generator_too(config, changes, plain, capsys):
    options = config(steps=2, **changes)
    loop.train(options)
    run = RunDir(options.run_dir)
    assert ("can be loaded only where gan_tf" in capsys.readouterr().err) != plain
    generator = TrainedRun(run).generator
    exported = keras.models.load_model(run.generator)
    latents, labels = np.random.default_rng(0).normal(size=(6, 5)), np.arange(6) % 2
    drawn = [
        each.predict([latents, labels] if options.conditional else latents, verbose=0)
        for each in (generator, exported)
    ]
    if "generator_dropout" in options.trick:  # each draws masks of its own
        assert drawn[0].shape == drawn[1].shape
    else:
        np.testing.assert_allclose(*drawn, atol=1e-5)
