"""Temperature and prompt: of samples of a run, and refused where they make no sense."""

import types

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.runs import steering
from gan_tf.runs.run_dir import RunDir
from gan_tf.runs.steering import Steering
from gan_tf.runs.trained_run import TrainedRun


@pytest.fixture(scope="module")
def trained(policy_run):
    return TrainedRun(policy_run)


def test_a_prompt_is_read_with_the_runs_vocabulary(policy_run):
    run = RunDir(policy_run)
    found = steering.read(run, prompt="this old dog")
    assert run.modality().texts(np.array([[*found.prompt, 0]])) == ["this old dog"]
    assert found.temperature == 1
    assert steering.read(run, temperature=0.5) == Steering(0.5)
    assert steering.read(run) is None


@pytest.mark.parametrize(
    "prompt, message",
    [
        ("this unicorn", "there is no token 'unicorn' in the vocabulary"),
        ("this  dog", "there is no token '' in the vocabulary"),
        ("dog " * 15 + "dog", "has 16 tokens, and the sequences of .* have 16: give 15 or fewer"),
    ],
)
def test_impossible_prompts_are_refused(policy_run, prompt, message):
    with pytest.raises(UserError, match=message):
        steering.read(RunDir(policy_run), prompt=prompt)


@pytest.mark.parametrize("given", [{"temperature": 0.5}, {"prompt": "a"}])
def test_samples_of_latents_cannot_be_steered(plain_run, given):
    with pytest.raises(UserError, match=r"--gan=standard are not: .* a run of seqgan"):
        steering.read(RunDir(plain_run), **given)


@pytest.mark.parametrize(
    "given", [{"interpolate": "slerp"}, {"walk": 3}, {"truncation": 0.5}, {"arithmetic": "a - b"}]
)
def test_paths_and_truncation_are_refused(policy_run, plain_run, given):
    options = types.SimpleNamespace(**given)
    steering.check_path(RunDir(plain_run).config(), options)
    with pytest.raises(UserError, match="are drawn token by token: leave it out, or give --temp"):
        steering.check_path(RunDir(policy_run).config(), options)


def test_what_a_sampler_is_given():
    temperature, prompt = Steering(0.5, (7, 8)).inputs(2, 4)
    assert temperature.tolist() == [0.5, 0.5] and temperature.dtype == "float32"
    assert prompt.tolist() == [[7, 8, -1, -1]] * 2 and prompt.dtype == "int32"


def test_samples_of_a_run_are_steered(trained):
    noise = np.random.default_rng(0).standard_normal((30, 16)).astype(np.float32)
    plain = trained.samples(noise)
    assert plain.shape == (30, 16) and plain.dtype == "int32"
    np.testing.assert_array_equal(trained.samples(noise, steering=Steering()), plain)
    assert len(np.unique(plain[:, 0])) > 5
    begun = trained.samples(noise, steering=Steering(1.0, (5, 9)))
    assert np.all(begun[:, :2] == [5, 9])
    cold = trained.samples(noise, steering=Steering(0.01))
    assert len(np.unique(cold)) < 10 < 40 < len(np.unique(plain))


def test_a_sample_depends_on_its_own_noise_alone(trained):
    noise = np.random.default_rng(0).standard_normal((130, 16)).astype(np.float32)
    given = Steering(0.7, (3,))
    some = trained.samples(noise[105:110], steering=given)
    np.testing.assert_array_equal(trained.samples(noise, steering=given)[105:110], some)
