"""The encoder that is trained for a finished run."""

import hashlib
import json
import shutil
import zipfile

import keras
import numpy as np
import pytest

from gan_tf import latents
from gan_tf.errors import UserError
from gan_tf.gans.build import network_spec
from gan_tf.inversion import encoder
from gan_tf.inversion.run_objectives import run_objective
from gan_tf.networks import build as networks
from gan_tf.runs.trained_run import TrainedRun
from tests.conftest import examples, tiny


def test_the_encoder_learns_to_invert(plain_run):
    trained = TrainedRun(plain_run)
    made = trained.samples(latents.draw(1, range(256), 5))
    data, floats = examples(made), made.astype(np.float32) / 127.5 - 1
    total = run_objective(trained, ["pixels"])

    def error(encode):
        again = trained.samples(np.asarray(encode(floats)))
        return np.mean(np.square(made.astype(float) - again))

    keras.utils.set_random_seed(0)
    early = error(encoder.train(trained, total, data, 1, bar=False))
    keras.utils.set_random_seed(0)
    late = error(encoder.train(trained, total, data, 150, bar=False))
    assert late < early / 2


@pytest.mark.parametrize("arch", ["dcgan(width=2)", "resnet(width=2)", "mlp(width=2)"])
def test_an_encoder_of_each_architecture(photos, tmp_path, arch):
    config = tiny(
        photos, tmp_path, arch=arch, image_size=28, spectral_norm="both", minibatch_stddev=4
    )
    made = encoder.build(config, (28, 28, 3))
    assert made.output_shape == (None, 5)
    plain = networks.discriminator(
        network_spec(tiny(photos, tmp_path, arch=arch, image_size=28), (28, 28, 3))
    ).get_layer("features")
    assert made.get_layer("features").output.shape == plain.output.shape


def test_a_forged_encoder_is_refused_in_one_sentence(plain_run, tmp_path):
    shutil.copytree(plain_run, tmp_path / "run")
    trained = TrainedRun(tmp_path / "run")
    path = trained.run.encoder
    encoder.store(trained, encoder.build(trained.config, trained.sample_shape), 5, ("pixels",), 0)
    images = np.zeros((2, *trained.sample_shape), np.float32)
    assert encoder.Encoder(trained)(images).shape == (2, trained.latent_dim)
    whole = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}

    def forge(**changes):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in (parts | changes).items():
                archive.writestr(name, content)
        facts = json.loads(trained.run.encoder_facts.read_text())
        facts["file"] = hashlib.sha256(path.read_bytes()).hexdigest()
        trained.run.encoder_facts.write_text(json.dumps(facts))
        assert encoder.stored(trained).steps == 5
        with pytest.raises(UserError, match="delete it, and another one is trained") as caught:
            encoder.Encoder(trained)
        return str(caught.value)

    wide = parts["config.json"].replace(b'"units": ', b'"units": 99999999')
    forge(**{"config.json": wide})
    assert "unpacks to" in forge(**{"model.weights.h5": bytes(64 << 20)})
    assert "other files than" in forge(**{"../outside": b"x"})
    for steps in ("5", None, [5], 5.0):
        facts = json.loads(trained.run.encoder_facts.read_text()) | {"steps": steps}
        trained.run.encoder_facts.write_text(json.dumps(facts))
        assert encoder.stored(trained) is None
    path.write_bytes(whole)
    trained.sample_shape = (9, 9, 3)
    with pytest.raises(UserError, match="not of the run's images and latents"):
        encoder.Encoder(trained)
