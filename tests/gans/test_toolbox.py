"""Every loss, penalty, trick, prior, conditioning, optimizer and architecture: a real step, alone
and in telling pairs, in both precisions; and that a run goes on from a checkpoint, or a file, as
if it had not stopped.
"""

import itertools

import keras
import numpy as np
import pytest

from gan_tf.gans.build import build
from gan_tf.gans.standard import GAN
from gan_tf.modalities.image import Image
from gan_tf.networks.layers import Packing
from gan_tf.options.config import Config
from gan_tf.registry import (
    CONDITIONINGS,
    LOSSES,
    OPTIMIZERS,
    PENALTIES,
    PRIORS,
    TRICKS,
)
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.training_state import read_gan
from tests.architectures import shape_for, taking

NOT_ALONE = ("auxiliary_classifier", "feedback")
WITH = {  # what a trick is for
    "penalty_decay": " --penalty=r1",
    "gumbel_annealing": " --arch=gumbel_lstm(width=2)",
    "style_mixing": " --arch=stylegan2(width=2)",
    "path_length": " --arch=stylegan2(width=2)",
    "reconstruction": " --arch=fastgan(width=2)",
    "beta_2_growth": " --generator_optimizer=adam(1e-3,beta_2=0.9)"
    " --discriminator_optimizer=adam(1e-3,beta_2=0.9)",
}
RULES = OPTIMIZERS.names()
# Losses, priors, and both optimizers do not meet: they share cases.
ALONE = [
    *(
        " ".join(filter(None, each))
        for each in itertools.zip_longest(
            [
                f"--loss={name}"
                for name, each in LOSSES.entries.items()
                if each.attributes["adversarial"]
            ],
            [f"--prior={name}" for name in PRIORS.names()],
            [
                f"--generator_optimizer={name} --discriminator_optimizer={other}"
                for name, other in zip(RULES, [*RULES[1:], RULES[0]])
            ],
        )
    ),
    *(f"--penalty={name}" for name in PENALTIES.names()),
    *(f"--trick={name}{WITH.get(name, '')}" for name in TRICKS.names() if name not in NOT_ALONE),
    *(
        f"--conditional={name}"
        for name, each in CONDITIONINGS.entries.items()
        if each.attributes["source"] == "latent"
    ),
    *(f"--arch={name}(width=2)" for name in taking("latent")),
]
SAVED_PAIRS = [  # of what none has alone
    "--loss=wasserstein --penalty=wgan_gp --discriminator_steps=2",
    "--loss=hinge --spectral_norm=both --trick=ttur --trick=ema",
    "--conditional=projection --trick=mixed_batches --trick=diff_augment",
    "--trick=feature_matching --semi_supervised=6",
    "--packing=2 --loss=relativistic_average --penalty=wgan_gp",
    "--arch=resnet1d(width=2) --relaxation=gumbel --loss=wasserstein --penalty=wgan_gp --trick=ema",
    "--arch=wavegan(width=2) --penalty=r1(1,every=1) --spectral_norm=both --generator_norm=batch",
    "--arch=dcgan(width=2) --generator_norm=virtual_batch --discriminator_norm=virtual_batch",
]
PAIRS = [
    *SAVED_PAIRS,
    "--loss=wasserstein --penalty=weight_clip",
    "--loss=hinge --spectral_norm=discriminator --conditional=projection",
    "--conditional=acgan --penalty=dragan",
    "--conditional=concat --trick=infogan(3,2) --prior=uniform",
    "--trick=label_smoothing --trick=label_flipping --trick=instance_noise",
    "--trick=generator_dropout --trick=ema --trick=lr_decay --trick=gradient_clipping",
    "--packing=2 --penalty=r1(1,every=1) --penalty=r2(1,every=1)",
    "--loss=least_squares(0.9,-1,0.5) --penalty=dragan --discriminator_norm=layer",
    "--arch=dcgan(width=2) --loss=wasserstein --penalty=wgan_gp --discriminator_norm=layer",
    "--arch=dcgan(width=2) --penalty=r1(1,every=1) --trick=ema --generator_optimizer=rmsprop",
    "--arch=resnet(width=2) --loss=hinge --spectral_norm=both --conditional=projection",
    "--arch=wavegan(width=2) --loss=wasserstein --penalty=wgan_gp --conditional=projection",
    "--arch=mocogan(width=2) --penalty=r1(1,every=1) --spectral_norm=both --trick=ema",
    "--arch=mocogan(width=2) --loss=hinge --conditional=projection --trick=mixed_batches",
    "--arch=tgan(width=2) --loss=wasserstein --penalty=wgan_gp --discriminator_norm=layer",
]


@pytest.fixture(scope="module", autouse=True)
def without_measuring():
    """That networks fit into the memory, for which they are built twice, is test_network_size's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gan_tf.gans.build.check_memory", lambda *_, **__: None)
        yield


def images(count=8, seed=0, shape=(8, 8, 1)):
    if len(shape) == 2 and shape[1] > 1:  # tokens
        random = np.random.default_rng(seed)
        return np.eye(shape[1], dtype=np.float32)[random.integers(0, shape[1], (count, shape[0]))]
    return np.random.default_rng(seed).uniform(-1, 1, (count, *shape)).astype(np.float32)


def make(flags, policy):
    """The compiled GAN that flags ask for, over three classes."""
    changes = {"penalty": [], "trick": []}
    for flag in flags.split():
        name, _, value = flag[2:].partition("=")
        if name in changes:
            changes[name].append(value)
        else:
            changes[name] = int(value) if value.isdigit() else value
    changes |= {name: tuple(changes[name]) for name in ("penalty", "trick")}
    base = dict(arch="mlp(width=4)", latent_dim=14, batch_size=8)
    shape = (8, 8, 1) if "arch" not in changes else shape_for(changes["arch"])
    if changes.get("arch", "").startswith("mlp"):
        shape = (8, 8, 1)
    dataset = {2: "tones", 4: "moving_glyphs"}.get(len(shape), "mnist")
    dataset = "motifs" if shape == (5, 3) else dataset
    config = Config(dataset=dataset, **base | changes).resolve()
    keras.utils.set_random_seed(0)
    keras.config.set_dtype_policy(policy)
    try:
        gan = build(config, shape, ("a", "b", "c"), total_steps=4)
    finally:
        keras.config.set_dtype_policy("float32")
    if config.semi_supervised:
        set_labeled(gan)
    # What is built and computed is the same, without the seconds of tracing.
    gan.run_eagerly = True
    return gan


def set_labeled(gan):
    gan.tricks[-1].set_labeled(
        np.uint8(127 * (images(6) + 1)), np.arange(6) % 3, Image().to_network
    )


def step(gan, seed):
    batch = images(8 * gan.discriminator_steps, seed, gan.generator.output_shape[1:])
    logs = gan.train_on_batch(batch, np.arange(len(batch)) % 3, return_dict=True)
    gan.reset_metrics()
    return logs


@pytest.mark.slow
@pytest.mark.parametrize("flags", ALONE + PAIRS)
def test_a_run_goes_on_from_a_checkpoint(flags, tmp_path):
    gan, other = (make(flags, "float32") for _ in range(2))
    logs = step(gan, 0)
    assert all(np.isfinite(value) for value in logs.values()), logs
    assert logs["generator_gradient_norm"] > 0 and logs["discriminator_gradient_norm"] > 0
    store = CheckpointStore(tmp_path)
    store.save(gan)
    assert store.restore(read_gan(other)) == 1
    assert_goes_on(gan, other, 1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("flags", ALONE + SAVED_PAIRS)
def test_a_model_goes_on_from_a_file(flags, tmp_path):
    gan = make(flags, "mixed_bfloat16")
    logs = step(gan, 0)
    assert all(np.isfinite(value) for value in logs.values()), logs
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    loaded.run_eagerly = True
    if "semi_supervised" in flags:
        set_labeled(loaded)
    assert loaded.tricks[0].get_config() == gan.tricks[0].get_config() if gan.tricks else True
    if "--trick=generator_" in flags:  # Keras's layers begin their random numbers anew
        assert step(loaded, 1)["generator_gradient_norm"] > 0
    else:
        assert_goes_on(gan, loaded, 2e-2)


def assert_goes_on(gan, other, tolerance):
    assert step(other, 1) == pytest.approx(step(gan, 1), rel=tolerance, abs=tolerance)
    latents, labels = np.ones((3, gan.latent_dim), np.float32), np.arange(3)
    drawn = [
        np.asarray(each([latents, labels] if gan.conditional else latents)) for each in (gan, other)
    ]
    np.testing.assert_allclose(*drawn, atol=10 * tolerance)


def test_the_sample_of_a_packed_discriminator_is_the_pack():
    """A linear one of pairs of two numbers: the norm at a pair is 2, sqrt(2) at each of the two."""
    inputs = keras.Input((2,))
    logits = keras.layers.Dense(1, kernel_initializer="ones")(Packing(2)(inputs))
    latents = keras.Input((3,))
    gan = GAN(keras.Model(latents, keras.layers.Dense(2)(latents)), keras.Model(inputs, logits))
    gan.compile("sgd(0.0)", "sgd(0.0)", penalties=["r1(2,every=1)"], run_eagerly=True)
    logs = gan.train_on_batch(np.ones((4, 2), np.float32), return_dict=True)
    assert logs["penalty"] == pytest.approx(4, rel=1e-5)


def test_a_lazy_penalty_counts_for_the_steps_between(tmp_path):
    """R1 every second step: its value doubled in steps 0 and 2, nothing in steps 1 and 3."""
    values = {}
    for spec in ("r1(1,every=1)", "r1(1,every=2)"):
        gan = make(f"--penalty={spec}", "float32")
        gan.compile("sgd(0.0)", "sgd(0.0)", penalties=[spec])  # compiled this time
        values[spec] = [step(gan, 0)["penalty"] for _ in range(4)]
    each, lazy = values.values()
    assert each[0] > 0
    np.testing.assert_allclose(lazy, [2 * each[0], 0, 2 * each[0], 0], rtol=1e-5)
