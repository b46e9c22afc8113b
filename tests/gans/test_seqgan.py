"""SeqGAN: its phases, its updates against those written out by hand, saving and resuming."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf import modalities
from gan_tf.data.sentences import Sentences
from gan_tf.errors import UserError
from gan_tf.gans.build import Parts
from gan_tf.gans.seqgan import SeqGAN
from gan_tf.latents.graph import draw_batch
from gan_tf.networks import policy as policies
from gan_tf.options.config import Config
from gan_tf.registry import ARCHITECTURES
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.training_state import read_gan

LENGTH, VOCABULARY = 4, 5
SGD = {
    "generator_optimizer": "sgd(0.05)",
    "pretraining_optimizer": "sgd(0.5)",
    "discriminator_optimizer": "sgd(0.02)",
}
ADAM = dict.fromkeys(SGD, "adam(0.01)")
EAGER = SGD | {"run_eagerly": True}  # without the seconds of tracing


def make(reward="rollout(2)", arch="lstm", compile=SGD, seed=0, **options):
    keras.utils.clear_session()  # sums are in the order of names, which a new process has, too
    keras.utils.set_random_seed(3)
    architecture = ARCHITECTURES.build(f"{arch}(width=3)")
    networks = [getattr(architecture, name)((LENGTH, VOCABULARY)) for name in SeqGAN.network_names]
    for network in networks:
        for layer in network.layers:
            if isinstance(layer, keras.layers.Dropout):
                layer.rate = 0.0
    gan = SeqGAN(*networks, seed=seed, reward=reward, **options)
    gan.compile(**compile)
    return gan


def data(count=8, seed=0):
    return np.random.default_rng(seed).integers(0, VOCABULARY, (count, LENGTH), np.int32)


def weights(gan):
    return [each for network in gan.networks.values() for each in network.get_weights()]


def changed(gan, step):
    """The names of the networks that a function changes."""
    before = {name: network.get_weights() for name, network in gan.networks.items()}
    step()
    return {
        name
        for name, network in gan.networks.items()
        if any(np.any(a != b) for a, b in zip(network.get_weights(), before[name]))
    }


@pytest.mark.slow
def test_each_phase_trains_its_networks_and_logs_its_values():
    gan, batch = make(mle=1, discriminator_only=1), data()
    found = []
    for _ in range(3):
        phase = gan.phase
        gan.reset_metrics()
        networks = changed(gan, lambda: gan.train_on_batch(batch))
        logged = {each.name for each in gan.metrics if float(each.count) > 0}
        found.append((phase, networks, logged))
    assert [each[:2] for each in found] == [
        ("mle", {"generator"}),
        ("discriminator", {"discriminator"}),
        ("adversarial", {"generator", "discriminator", "rollout_policy"}),
    ]
    assert found[0][2] == {"pretraining_loss", "pretraining_gradient_norm"}
    assert "reward" not in found[1][2] and "discriminator_loss" in found[1][2]
    assert {"reward", "generator_loss", "discriminator_loss", "penalty"} <= found[2][2]


@pytest.mark.slow
def test_a_likelihood_step_is_an_update_for_each_part():
    gan = make(mle=9, compile=EAGER | {"discriminator_steps": 2})
    twin, batch = make(), data()
    logs = gan.train_on_batch(batch, return_dict=True)
    model, losses = policies.of(twin.generator), []
    for part in (batch[:4], batch[4:]):
        with tf.GradientTape() as tape:
            losses.append(-tf.reduce_mean(model.log_likelihoods(part)))
        variables = model.trainable_variables
        for variable, gradient in zip(variables, tape.gradient(losses[-1], variables)):
            variable.assign_sub(0.5 * tf.convert_to_tensor(gradient))
    for mine, theirs in zip(gan.generator.get_weights(), twin.generator.get_weights()):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-6)
    assert logs["pretraining_loss"] == pytest.approx(np.mean(losses), rel=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("reward, arch", [("maligan", "lstm"), ("per_token", "scratchgan")])
def test_an_adversarial_step_is_the_published_one(reward, arch):
    """By hand: rewards of a batch of samples, the policy's update, then the discriminator's."""
    gan = make(reward, arch, compile=EAGER, mle=0, discriminator_only=0)
    twin, batch = make(reward, arch), data()
    logs = gan.train_on_batch(batch, return_dict=True)
    random = keras.random.SeedGenerator(0)
    tokens = twin.generator(draw_batch(8, LENGTH, random))
    logits = twin.discriminator(tokens)
    if reward == "maligan":
        odds = tf.exp(logits)
        weight = odds / tf.reduce_sum(odds)
        advantage = tf.repeat(weight - (tf.reduce_sum(weight) - weight) / 7, LENGTH, axis=1)
    else:
        now, advantage = 2 * tf.sigmoid(logits).numpy() - 1, np.zeros((8, LENGTH))
        for at in range(LENGTH - 1, -1, -1):
            later = advantage[:, at + 1] if at + 1 < LENGTH else 0
            advantage[:, at] = now[:, at] + 0.23 * later
    model = policies.of(twin.generator)
    with tf.GradientTape() as tape:
        probabilities = tf.gather(tf.nn.softmax(model.logits(tokens)), tokens, batch_dims=2)
        loss = -tf.reduce_sum(tf.math.log(probabilities) * tf.cast(advantage, tf.float32))
    variables = model.trainable_variables
    for variable, gradient in zip(variables, tape.gradient(loss, variables)):
        variable.assign_sub(0.05 * tf.convert_to_tensor(gradient))
    assert logs["generator_loss"] == pytest.approx(float(loss), rel=1e-4, abs=1e-5)
    fake = twin.generator(draw_batch(8, LENGTH, random))
    with tf.GradientTape() as tape:
        on_real, on_fake = twin.discriminator(batch), twin.discriminator(fake)
        loss = -tf.reduce_mean(tf.math.log_sigmoid(on_real))
        loss -= tf.reduce_mean(tf.math.log_sigmoid(-on_fake))
        total = tf.add_n([loss, *twin.discriminator.losses])
    variables = twin.discriminator.trainable_variables
    for variable, gradient in zip(variables, tape.gradient(total, variables)):
        variable.assign_sub(0.02 * tf.convert_to_tensor(gradient))
    for mine, theirs in zip(weights(gan), weights(twin), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-3, atol=1e-6)
    assert logs["discriminator_loss"] == pytest.approx(float(loss), rel=1e-4)


@pytest.mark.slow
def test_the_rollout_policy_lags_behind_the_generator():
    gan = make("rollout(1, lag=0.75)", compile=EAGER, mle=1, discriminator_only=0)
    batch = data()
    policy = gan.networks["rollout_policy"]
    gan.train_on_batch(batch)
    start = gan.generator.get_weights()
    gan.train_on_batch(batch)
    for mine, theirs in zip(policy.get_weights(), start):
        np.testing.assert_array_equal(mine, theirs)  # it begins as the generator
    after = gan.generator.get_weights()
    gan.train_on_batch(batch)
    for mine, old, new in zip(policy.get_weights(), start, after):
        np.testing.assert_allclose(mine, 0.75 * old + 0.25 * new, rtol=1e-5, atol=1e-7)
    assert "rollout_policy" not in make("rollout(1, lag=0.0)").networks


def test_without_a_reward_all_steps_are_of_likelihood():
    gan, batch = make("none", mle=0, discriminator_only=0), data()
    assert changed(gan, lambda: gan.train_on_batch(batch)) == {"generator"}
    assert gan.phase == "mle"


@pytest.mark.slow
def test_a_run_goes_on_from_every_step_as_if_it_had_not_stopped(tmp_path):
    """Two steps of each phase, from a checkpoint after each."""
    reward, options = "rollout(2, baseline='moving')", dict(compile=ADAM, mle=2)
    gan = make(reward, discriminator_only=2, **options)
    other = make(reward, seed=7, discriminator_only=2, **options)
    store, batches = CheckpointStore(tmp_path, keep=9), [data(seed=seed) for seed in range(6)]
    for batch in batches:
        gan.train_on_batch(batch)
        store.save(gan)
    for step in (1, 2, 3, 4, 5):
        assert store.restore(read_gan(other), [step]) == step
        for batch in batches[step:]:
            other.train_on_batch(batch)
        assert int(other.step) == 6
        for mine, theirs in zip(weights(other), weights(gan), strict=True):
            np.testing.assert_array_equal(mine, theirs)
        baselines = [float(each.kept["baseline"]) for each in (gan, other)]
        assert baselines[0] == baselines[1] > 0


@pytest.mark.slow
def test_a_saved_model_goes_on_as_if_it_had_not_been_saved(tmp_path):
    gan = make("per_token", "scratchgan", compile=ADAM, mle=1, discriminator_only=1)
    for seed in range(3):
        gan.train_on_batch(data(seed=seed))
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    assert (loaded.phase, loaded.mle, loaded.discriminator_only) == ("adversarial", 1, 1)
    assert loaded.reward.get_config() == gan.reward.get_config()
    assert float(loaded.kept["baseline"]) == float(gan.kept["baseline"]) != 0
    for each in (gan, loaded):
        each.train_on_batch(data(seed=3))
    for mine, theirs in zip(weights(loaded), weights(gan), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_a_run_without_an_adversarial_phase_is_told():
    gan = make(mle=30, discriminator_only=10)
    assert gan.notes(41) == []
    (told,) = gan.notes(40)
    assert told.startswith(
        "This run of 40 steps ends before its adversarial phase, which begins after 40"
    )
    assert '--gan="seqgan(mle=20, discriminator_only=4)"' in told
    assert make("none", mle=30).notes(10) == []


def test_evaluate_gives_the_likelihood_of_the_samples():
    gan, batch = make(), data()
    found = gan.evaluate(batch, return_dict=True, verbose=0)
    expected = -np.mean(policies.of(gan.generator).log_likelihoods(batch))
    assert found["nll"] == pytest.approx(expected, rel=1e-5)
    assert 0 < found["fake_probability"] < 1


@pytest.mark.parametrize(
    "options, message",
    [
        ({"arch": "mlp"}, "makes samples of noise, token by token, and --arch=mlp of latents"),
        ({"gan": "standard", "arch": "lstm"}, "--gan=standard makes samples of latents"),
        ({"reward": "per_token"}, "judges every token, and that of --arch=lstm does not"),
        ({"arch": "scratchgan"}, "judges every sample, and that of --arch=scratchgan does not"),
        ({"loss": "hinge"}, "needs a loss whose logits give probabilities"),
        ({"penalty": ("wgan_gp",)}, "does not take --penalty=wgan_gp"),
        ({"conditional": "concat"}, "does not take --conditional=concat"),
        ({"latent_dim": 8}, "does not take --latent_dim=8"),
        ({"dataset": "mnist"}, "trains on tokens data"),
        ({"gan": "seqgan(mle=-1)"}, r"seqgan\(mle=-1\): give a number of steps"),
        ({"strategy": "mirrored"}, "does not take --strategy=mirrored"),
    ],
)
def test_refuses_in_one_sentence(options, message):
    with pytest.raises(UserError, match=message):
        Parts.of(Config(**{"dataset": "sentences", "gan": "seqgan", **options}).resolve())


def test_a_reward_is_for_kinds_that_have_one():
    with pytest.raises(UserError, match="--gan=standard does not take --reward=maligan"):
        Config(dataset="mnist", reward="maligan").resolve()
    assert Config(dataset="sentences", gan="seqgan").resolve().reward == "rollout"


def test_pretraining_has_an_optimizer_of_its_own():
    config = Config(dataset="sentences", gan="seqgan", generator_optimizer="sgd(0.1)").resolve()
    assert config.pretraining_optimizer == "adam(0.01, beta_1=0.9)"
    optimizers = Parts.of(config).optimizers
    assert float(optimizers["pretraining"].learning_rate) == pytest.approx(0.01)
    assert float(optimizers["generator"].learning_rate) == pytest.approx(0.1)
    plain = Config(dataset="sentences", arch="gumbel_lstm")
    assert plain.resolve().pretraining_optimizer is None
    with pytest.raises(UserError, match="does not take --pretraining_optimizer=sgd"):
        dataclasses.replace(plain, pretraining_optimizer="sgd").resolve()


@pytest.mark.slow
def test_policy_gradients_raise_the_share_of_grammatical_sentences():
    """From a generator that likelihood has only begun to teach; the grammar knows what is a sentence."""
    keras.utils.set_random_seed(0)
    source = Sentences()
    sentences, modality = next(source.batches())["tokens"], modalities.of(source)
    architecture, shape = ARCHITECTURES.build("scratchgan(width=32)"), (16, 64)
    networks = architecture.generator(shape), architecture.discriminator(shape)
    reward = "per_token(baseline='batch')"
    gan = SeqGAN(*networks, reward=reward, mle=60, discriminator_only=150)
    gan.compile(
        "adam(2e-3, beta_1=0.9)",
        "adam(3e-3, beta_1=0.9)",
        pretraining_optimizer="adam(0.01, beta_1=0.9)",
        discriminator_steps=3,
    )
    noise = np.random.default_rng(1).standard_normal((1000, 16)).astype(np.float32)

    def share():
        return np.mean(source.grammar.accepts(modality.to_stored(gan.generator(noise))))

    random = np.random.default_rng(0)
    for step in range(500):
        if step == 210:
            assert gan.phase == "adversarial"
            start = share()
        gan.train_on_batch(sentences[random.integers(0, len(sentences), 192)])
    assert 0.05 < start < 0.3
    assert share() > start + 0.2
