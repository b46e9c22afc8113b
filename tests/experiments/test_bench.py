"""The benchmarks: that contenders do the same work, that it is counted right, and that they take turns."""

import contextlib
import json
import math
import sys
import time
import types

import numpy as np
import pytest

from experiments.bench import (
    contender,
    convolutions,
    machine,
    memory,
    operations,
    pipeline,
    resampling,
    scaling,
    sequences,
    sounds,
    startup,
    train_step,
    videos,
)
from experiments.bench.job import Job, PairJob
from gan_tf.errors import UserError
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.runtime import device
from tests import forks

# Triton, which PyTorch for GPUs brings along, crashes when it is loaded after TensorFlow.
sys.modules.setdefault("triton", None)

SHAPES = ((28, 28, 1), (64, 64, 3))


@pytest.fixture
def short(monkeypatch):
    """Timings of a twentieth of a second, peaks of small matrices, and contenders that are forks."""

    def popen(command, **_):
        return forks.Fork(command[2], command[3:])

    monkeypatch.setattr(contender, "subprocess", types.SimpleNamespace(PIPE=None, Popen=popen))
    rates, call = contender.Contest.rates, contender.Contender.call
    monkeypatch.setattr(
        contender.Contest,
        "rates",
        lambda self, rounds, method, per_call, *_: rates(self, rounds, method, per_call, 0.05),
    )
    peak = {"matrix_peak": (0.05, [256])}
    monkeypatch.setattr(
        contender.Contender,
        "call",
        lambda self, method, *arguments: call(self, method, *peak.get(method, arguments)),
    )


def count(model):
    return sum(math.prod(each.shape) for each in model.trainable_variables)


@pytest.mark.parametrize("arch", ["dcgan", "mlp"])
@pytest.mark.parametrize("shape", SHAPES)
def test_all_have_the_same_networks(arch, shape):
    from experiments.bench import stock
    from gan_tf.registry import ARCHITECTURES

    job = Job(arch, shape, width=4, batch_size=2, latent_dim=7)
    ours = ARCHITECTURES.build(f"{arch}(width=4)")
    networks = [ours.generator(shape, 7), ours.discriminator(shape)]
    plain = stock.networks(job)
    assert [count(each) for each in plain] == [count(each) for each in networks]
    assert [each.output.shape for each in plain] == [each.output.shape for each in networks]

    torch = pytest.importorskip("torch")
    from experiments.bench import pytorch

    generator, discriminator = pytorch.networks(job)
    parameters = [sum(each.numel() for each in n.parameters()) for n in (generator, discriminator)]
    assert parameters == [count(each) for each in networks]
    made = generator(torch.zeros(2, 7))
    assert made.shape == (2, shape[2], *shape[:2])
    assert discriminator(made).shape == (2, 1)


@pytest.mark.parametrize("shape", SHAPES)
def test_stylegan2_of_pytorch_computes_the_same(shape):
    """With the same weights, images and logits are the same; noise has no strength at first."""
    torch = pytest.importorskip("torch")
    from experiments.bench import pytorch, stylegan2_pytorch
    from gan_tf.networks.stylegan2 import StyleGAN2

    job = Job("stylegan2", shape, width=2, batch_size=8, latent_dim=7)
    ours = StyleGAN2(width=2).generator(shape, 7), StyleGAN2(width=2).discriminator(shape)
    theirs = pytorch.networks(job)
    numbers = [sum(each.numel() for each in network.parameters()) for network in theirs]
    assert numbers == [count(each) for each in ours]

    def layers(network, kind):  # in the order in which they were made, which their names tell
        found = [each for each in network.layers if type(each).__name__ == kind]
        return iter(sorted(found, key=lambda each: (len(each.name), each.name)))

    def copy(module, layer):
        values = layer.get_weights()
        turned = (3, 2, 0, 1) if values[0].ndim == 4 else (1, 0)
        module.weight.data.copy_(torch.from_numpy(values[0].transpose(turned).copy()))
        if module.bias is not None:
            module.bias.data.copy_(torch.from_numpy(values[1]))

    modulated, styles = (layers(ours[0], each) for each in ("ModulatedConv2D", "Style"))
    linear = layers(ours[0], "EqualizedDense")
    generator, discriminator = theirs
    for module in generator.mapping:
        copy(module, next(linear))
    (start,) = next(layers(ours[0], "LearnedMap")).get_weights()
    generator.map.data.copy_(torch.from_numpy(start.transpose(2, 0, 1).copy()))
    convolutions = iter(generator.convolutions)
    for level, color in enumerate(generator.colors):
        for module in [*(next(convolutions) for _ in range(2 if level else 1)), color]:
            copy(module, next(modulated))
            copy(module.style, next(styles))
    convolutions, linear = (layers(ours[1], f"Equalized{each}") for each in ("Conv2D", "Dense"))
    for module in discriminator.modules():
        if isinstance(module, (stylegan2_pytorch.Conv, stylegan2_pytorch.Linear)):
            of = convolutions if isinstance(module, stylegan2_pytorch.Conv) else linear
            copy(module, next(of))

    latents = np.random.default_rng(0).standard_normal((8, 7), np.float32)
    with torch.inference_mode():
        made = generator(torch.from_numpy(latents))
        logits = discriminator(made).numpy()
    images = np.asarray(ours[0](latents, training=True))
    np.testing.assert_allclose(made.numpy().transpose(0, 2, 3, 1), images, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(logits, ours[1](images), rtol=1e-3, atol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("arch", ["unet", "srresnet"])
def test_all_have_the_same_translators(arch):
    from experiments.bench.pairs import ours, stock

    job = {"arch": arch, "image_shape": (64, 64, 3), "width": 4, "batch_size": 2}
    contenders = [each.Training(**job, precision="float32") for each in (ours, stock)]
    expected = sum(map(count, contenders[0].trained()))
    assert len(contenders[0].trained()) == {"unet": 2, "srresnet": 1}[arch]
    assert [each.parameters() for each in contenders] == [expected] * 2
    assert [each.train(1) > 0 for each in contenders] == [True] * 2

    pytest.importorskip("torch")
    from experiments.bench.pairs import pytorch

    torch_one = pytorch.Training(**job, precision="mixed_bfloat16")
    assert torch_one.parameters() == expected
    shapes = {name: each.shape for name, each in PairJob(**job).images().items()}
    made = torch_one.generator(torch_one.images[0])
    height, width, channels = shapes["target"][1:]
    assert made.shape == (2, channels, height, width)
    if torch_one.discriminator:
        logits = torch_one.discriminator(made, torch_one.images[0]).shape[2:]
        assert logits == contenders[1].trained()[1].output.shape[1:3]


@pytest.mark.slow
def test_all_train_the_same_cyclegan(monkeypatch):
    """With the same weights they have the same losses in two steps, with their updates in between."""
    import keras
    import tensorflow as tf

    from experiments.bench.domains import ours, stock
    from experiments.bench.keras_training import KerasTraining

    # Single operations are run, without the seconds of tracing a warm-up.
    monkeypatch.setattr(KerasTraining, "train", lambda *_: None)
    job = {"arch": "resnet_translator", "image_shape": (64, 64, 3), "width": 2, "batch_size": 2}
    first, second = (each.Training(**job, precision="float32") for each in (ours, stock))
    expected = sum(map(count, first.trained()))
    assert [each.parameters() for each in (first, second)] == [expected] * 2
    weights = [each.get_weights() for each in first.trained()]
    for network, values in zip(second.trained(), weights):
        network.set_weights(values)
    batch = {name: tf.constant(each) for name, each in first.job.images().items()}

    def losses(training):
        optimizers = training.model.generator_optimizer, training.model.discriminator_optimizer
        for each in [variable for optimizer in optimizers for variable in optimizer.variables]:
            if each.name != "learning_rate":
                each.assign(keras.ops.zeros_like(each))
        found = []
        for _ in range(2):
            training.model.reset_metrics()
            logs = training.model.train_step(batch)
            found.append([float(logs[f"{each}_loss"]) for each in ("generator", "discriminator")])
        return np.array(found)

    of_ours, of_stock = losses(first), losses(second)
    assert of_ours[0, 0] > of_ours[-1, 0] > 0
    np.testing.assert_allclose(of_ours, of_stock, rtol=1e-4)

    torch = pytest.importorskip("torch")
    from experiments.bench import pytorch as any_pytorch
    from experiments.bench.domains import pytorch

    monkeypatch.setattr(any_pytorch.Training, "train", lambda *_: None)
    third = pytorch.Training(**job, precision="float32")
    assert third.parameters() == expected
    # PyTorch pads maps of even size before the first pixel, TensorFlow after the last one: with kernels
    # and images turned around, the two compute the same.
    networks = [each for pair in third.trained for each in pair]
    for network, values in zip(networks, weights):
        for mine, value in zip(network.parameters(), values, strict=True):
            turned = value[::-1, ::-1].transpose(3, 2, 0, 1) if value.ndim == 4 else value
            mine.data.copy_(torch.from_numpy(turned.copy()))
    third.optimizers = [
        torch.optim.Adam(each.parameters(), 2e-4, betas=(0.5, 0.999), eps=1e-7)
        for each in third.trained
    ]
    turned = tuple(each.flip(2, 3) for each in third.images)
    of_torch = np.array([third._step(turned).tolist() for _ in range(2)])
    np.testing.assert_allclose(of_ours, of_torch, rtol=1e-4)


def test_flops_are_counted_by_hand():
    from experiments.bench import stock

    mlp = Job("mlp", (2, 2, 1), width=3, batch_size=2, latent_dim=5)
    generator = [5 * 3, 3 * 6, 6 * 12, 12 * 4]
    discriminator = [4 * 6, 6 * 3, 3 * 1]
    macs = 3 * sum(generator) + 8 * sum(discriminator) - 2 * discriminator[0] - generator[0]
    assert stock.step_flops(*stock.networks(mlp)) == 2 * macs

    dcgan = Job("dcgan", (28, 28, 1), width=2, batch_size=2, latent_dim=5)
    kernel = 4 * 4
    generator = [5 * 16 * 8, kernel * 8 * 4 * 16, kernel * 4 * 2 * 49, kernel * 2 * 1 * 196]
    discriminator = [kernel * 1 * 2 * 196, kernel * 2 * 4 * 49, kernel * 4 * 8 * 16, 16 * 8]
    macs = 3 * sum(generator) + 8 * sum(discriminator) - 2 * discriminator[0] - generator[0]
    assert stock.step_flops(*stock.networks(dcgan)) == 2 * macs


def test_turns_rotate():
    calls = []
    measures = {name: lambda name=name: calls.append(name) or len(calls) for name in "abc"}
    found = contender.in_turns(3, measures)
    assert "".join(calls) == "abcbcacab"
    assert found == {"a": [1, 6, 8], "b": [2, 4, 9], "c": [3, 5, 7]}


def test_ratio_is_the_median_of_the_rounds_ratios():
    found = {"a": [2.0, 30.0, 4.0], "b": [1.0, 10.0, 4.0]}
    assert contender.ratio(found, "a", "b") == 2
    assert contender.medians(found) == {"a": 4, "b": 4}


def test_reference_jobs():
    def describe(*words):
        options, _ = flags.parse(train_step.Options, ["", *words], "")
        return train_step.describe(options)

    faces = describe("--dataset=celeb_a")
    assert (faces["image_shape"], faces["width"], faces["batch_size"]) == ((64, 64, 3), 64, 128)
    digits = describe("--dataset=mnist", "--image_size=32", "--width=8")
    assert (digits["image_shape"], digits["width"], digits["fit"]) == ((32, 32, 1), 8, False)
    assert describe("--dataset=mnist", "--arch=mlp")["fit"]
    styles = describe("--arch=stylegan2")
    assert (styles["image_shape"], styles["width"], styles["batch_size"]) == ((64, 64, 3), 16, 32)
    assert train_step.taking_part(("gan_tf", "keras"), "stylegan2") == ["gan_tf"]
    pairs = PairJob(**describe("--arch=srresnet"))
    assert (pairs.source_shape, pairs.width, pairs.batch_size) == ((16, 16, 3), 64, 16)
    assert PairJob(**describe("--arch=unet")).source_shape == (64, 64, 3)
    domains = PairJob(**describe("--arch=resnet_translator"))
    assert (domains.source_shape, domains.width, domains.batch_size) == ((64, 64, 3), 32, 8)
    with pytest.raises(UserError, match="bare steps on images of 64x64x3"):
        describe("--arch=unet", "--dataset=mnist")
    with pytest.raises(UserError, match="--tuned is for --arch=dcgan"):
        describe("--arch=unet", "--tuned")


@pytest.mark.parametrize("run", pipeline.RUNS.values(), ids=list(pipeline.RUNS))
def test_runs_are_valid(run):
    config, _ = flags.parse(Config, ["", *run.flags()], "")
    assert config.resolve().steps > run.last > run.first


def test_unknown_contender_is_a_user_error():
    with pytest.raises(UserError, match=r"no contender 'jax'; there are: gan_tf"):
        train_step.taking_part(("jax",))


def test_what_other_processes_take_is_told():
    worker = contender.Contender("idle", "time:struct_time", iterable=[0] * 9)
    worker.call = lambda *_: sum(range(3_000_000)) * 0.0 + 1.0  # it is this process that works
    assert worker.timed("method", 1) == 1
    assert 0 < worker.disturbed() <= 1
    worker.close()


@pytest.mark.parametrize(
    "ours, share",
    [
        (1.0, 0.25),
        (1.48, 0.01),
        (2.0, 0.0),
    ],  # of 1.5 busy seconds in 1 s on 2 cores, but for a tick each
)
def test_others_took_what_the_measured_process_did_not(monkeypatch, ours, share):
    ticks, times, used = iter([100, 252]), iter([5.0, 6.0]), iter([3.0, 3.0 + ours])
    system = types.SimpleNamespace(cpu_count=lambda: 2, sysconf=lambda name: 100)
    monkeypatch.setattr(machine, "os", system)
    monkeypatch.setattr(machine, "time", types.SimpleNamespace(perf_counter=lambda: next(times)))
    monkeypatch.setattr(machine, "_line", lambda path: f"cpu {next(ticks)} 0 0 999 9 0 0 0 0 0")
    watch = machine.Watch()
    assert watch.share == 0.0
    assert watch.call(lambda: "result", lambda: next(used)) == "result"
    assert watch.share == pytest.approx(share)


def test_no_table_is_printed_of_a_busy_machine():
    assert machine.remark({"gan_tf": 0.05, "keras": 0.01}, False) == ""
    with pytest.raises(UserError, match=r"busy \(other processes took 43% of it while keras was"):
        machine.remark({"gan_tf": 0.05, "keras": 0.43}, False)
    remark = machine.remark({"gan_tf": 0.05, "keras": 0.43}, True)
    assert machine.caption(447.3e9, remark) == (
        "Matrix products reach 447 GFLOP/s. Taken on a busy machine: other processes took 43% of it "
        "while keras was timed."
    )


@pytest.fixture
def point(monkeypatch):
    """A contest of `scaling` without processes: 300 images/s, of which others take a tenth."""
    answers = {"matrix_peak": 4e11, "flops": 128e9}

    class Contest(contextlib.nullcontext):
        def rates(self, rounds, method, per_call):
            return {"point": [300.0] * rounds}

        def disturbed(self):
            return {"point": 0.1}

        def peak_memory(self):
            return {"point": 800 << 20}

        def ask(self, method):
            return {"point": answers[method]}

        def __enter__(self):
            return self

    monkeypatch.setattr(scaling, "Contest", Contest)


def test_scaling_has_the_peak_beside_every_figure(point, capsys, tmp_path):
    file = tmp_path / "results.json"
    options = ["--axis=width", "--rounds=1", f"--json={file}"]
    assert scaling.main(["", *options, "--even_if_busy"]) == 0
    _, remark, _, _, _, *rows = capsys.readouterr().out.splitlines()
    assert (
        remark == "Taken on a busy machine: other processes took 10% of it while point was timed."
    )
    figures = "300 | 427 | 300 | 400 | 75% | 800 |"
    assert rows == [f"| {width} | {figures}" for width in scaling.AXES["width"]]
    assert json.loads(file.read_text())["width"]["64"]["matrix_peak_flops"] == 4e11
    with pytest.raises(UserError, match="other processes took 10% of it"):
        scaling.main(["", *options])
    assert capsys.readouterr().out == ""
    with pytest.raises(UserError, match="no axis 'depth'; there are: image_size"):
        scaling.main(["", "--axis=depth"])


def test_memory_is_measured_at_each_stage(monkeypatch):
    steps, peaks = [], iter([500 << 20, 600 << 20, 900 << 20])

    class Training:
        def __init__(self, width):
            self.train(2)

        def train(self, count):
            steps.append(count)

    monkeypatch.setattr(memory, "peak_memory", lambda: next(peaks))
    monkeypatch.setattr(memory, "_file_pages", lambda: 300 << 20)
    monkeypatch.setitem(sys.modules, "some_contender", types.SimpleNamespace(Training=Training))
    found = memory.Stages("some_contender", 5, width=4).stages()
    assert steps == [2, 5] and list(found) == ["imports", "files", "built", "steps"]
    numbers = [row.split(" | ")[1] for row in memory.table({"gan_tf": found}).splitlines()[2:]]
    assert numbers == ["500 |", "300 |", "600 |", "900 |"]


def test_startup_is_compared_with_a_bare_import(monkeypatch):
    seconds = {startup._BARE: [(4, 3), (2, 4)], "--help": [(1, 1), (1, 1)]}
    found = {name: [startup.Seconds(*each) for each in times] for name, times in seconds.items()}
    rows = startup.table(found).splitlines()[2:]
    assert rows == [
        "| import tensorflow | 3.00 | 2.00 to 4.00 | 1.00 | 3.50 | 1.00 |",
        "| --help | 1.00 | 1.00 to 1.00 | 0.38 | 1.00 | 0.29 |",
    ]


def test_startup_counts_cpu_seconds_of_the_command_alone():
    sum(range(1_000_000))
    code = "import time; time.sleep(0.3)"
    seconds = startup._end([sys.executable, "-S", "-E", "-c", code])
    assert 0 < seconds.cpu < 0.3 < seconds.waited
    with pytest.raises(UserError, match="ended with 3: "):
        startup._end([sys.executable, "-S", "-c", "raise SystemExit(3)"])


def test_contenders_that_fail_are_named():
    with pytest.raises(UserError, match="'nobody' has failed"):
        contender.Contender("nobody", "experiments.bench.nobody:Nobody").wait()


@pytest.mark.slow
def test_train_step_writes_its_results(short, tmp_path):
    file = tmp_path / "results.json"
    options = ["--contender=gan_tf", "--contender=keras", "--precision=float32", "--rounds=1"]
    options.append("--even_if_busy")
    job = ["--arch=mlp", "--dataset=mnist", "--width=2", "--batch_size=4", "--loop=step"]
    assert train_step.main(["", *options, *job, f"--json={file}"]) == 0
    results = json.loads(file.read_text())
    assert results["gan_tf"] > 0 and results["keras"] > 0
    assert results["times_as_fast_as"]["keras"] == pytest.approx(
        results["gan_tf"] / results["keras"]
    )
    assert 0 < results["flops"]["gan_tf float32"] < results["matrix_peak_flops"]


def test_sequences_have_the_same_networks_and_rewards():
    torch = pytest.importorskip("torch")
    from experiments.bench import seqgan_ours, seqgan_pytorch
    from experiments.bench.sequence_job import SequenceJob

    job = SequenceJob(vocabulary=9, length=5, width=3, batch_size=4, rollouts=2)
    ours = [count(each) for each in seqgan_ours.networks(job)]
    theirs = seqgan_pytorch.Training(**vars(job))  # makes two steps
    networks = (theirs.generator, theirs.discriminator)
    assert ours == [sum(map(torch.numel, seqgan_pytorch._trained(each))) for each in networks]
    assert theirs.parameters() == sum(ours)
    tokens, states = theirs.generator.draw(4)
    assert len(states) == 5 and int(tokens.max()) < 9
    rewards = theirs.rewards(tokens, states)
    assert rewards.shape == (4, 5) and 0 < float(rewards.min()) <= float(rewards.max()) < 1
    theirs.discriminator.eval()
    expected = torch.sigmoid(theirs.discriminator(tokens))
    torch.testing.assert_close(rewards[:, -1], expected)


@pytest.mark.slow
def test_the_benchmark_of_sequences_writes_its_results(short, tmp_path):
    file = tmp_path / "results.json"
    job = ["--vocabulary=9", "--length=5", "--width=2", "--batch_size=4", "--rollouts=1"]
    job += ["--critic_width=2", "--critic_batch=10"]
    options = ["--contender=gan_tf", "--rounds=1", "--even_if_busy", f"--json={file}"]
    assert sequences.main(["", *options, *job]) == 0
    results = json.loads(file.read_text())
    sizes = {"vocabulary": 9, "length": 5, "width": 2, "batch_size": 4, "rollouts": 1}
    assert results["job"] == sizes
    for method in ("train", "sample", "critic"):
        assert results[method]["sequences_per_second"]["gan_tf"] > 0
        assert results[method]["peak_memory_bytes"]["gan_tf"] > 1 << 20
    table = sequences.table(results)
    assert "| adversarial step, gan_tf | " in table and "| generation, gan_tf | " in table
    assert "| step of WGAN-GP, gan_tf | " in table


@pytest.mark.slow
def test_critics_of_sequences_have_the_same_networks_and_penalties():
    torch = pytest.importorskip("torch")
    from experiments.bench import critic_ours, critic_pytorch
    from experiments.bench.critic_job import CriticJob

    job = vars(CriticJob(vocabulary=3, length=6, width=2, batch_size=10, latent_dim=4))
    ours, theirs = critic_ours.Training(**job), critic_pytorch.Training(**job)
    assert ours.parameters() == theirs.parameters()
    real = theirs.real[:2]
    theirs.critic = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(18, 1, bias=False))
    norm = float(theirs.critic[1].weight.norm())
    penalty = float(theirs.penalty(real, real.flip(0)))
    assert penalty == pytest.approx(10 * (norm - 1) ** 2, rel=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("backbone", ["resnet", "dcgan"])
def test_all_train_the_same_mocogan(backbone):
    torch = pytest.importorskip("torch")
    from experiments.bench import mocogan_ours, mocogan_pytorch

    job = {"frames": 5, "size": 16, "width": 2, "batch_size": 4, "backbone": backbone}
    contenders = [each.Training(**job) for each in (mocogan_ours, mocogan_pytorch)]
    ours, theirs = contenders
    networks = [count(each) for each in ours.trained()]
    assert networks == [sum(map(torch.numel, each.parameters())) for each in theirs.trained]
    assert ours.parameters() == theirs.parameters() == sum(networks)
    assert all(each.train(1) > 0 for each in contenders)
    made = theirs.generator(torch.randn(3, theirs.generator.length))
    assert made.shape == (3, 5, 1, 16, 16)
    assert theirs.discriminator(made).shape == (3, *ours.model.discriminator.output_shape[1:])
    assert theirs.generator.length == ours.model.latent_dim


@pytest.mark.slow
def test_the_benchmark_of_videos_writes_its_results(short, tmp_path):
    file = tmp_path / "results.json"
    job = ["--frames=3", "--size=16", "--width=2", "--batch_size=4", "--precision=float32"]
    options = ["--contender=gan_tf", "--rounds=1", "--even_if_busy", f"--json={file}"]
    assert videos.main(["", *options, *job]) == 0
    results = json.loads(file.read_text())
    assert results["videos_per_second"]["gan_tf float32"] > 0
    assert "| **gan_tf float32** | " in videos.table(results)
    with pytest.raises(UserError, match="a power of two"):
        videos.main(["", "--size=20"])


@pytest.mark.slow
def test_all_train_the_same_wavegan(short, tmp_path):
    torch = pytest.importorskip("torch")
    from experiments.bench import wavegan_ours, wavegan_pytorch

    job = {"length": 1024, "width": 2, "batch_size": 4}
    contenders = [each.Training(**job) for each in (wavegan_ours, wavegan_pytorch)]
    ours, theirs = contenders
    networks = [count(each) for each in ours.trained()]
    assert networks == [sum(map(torch.numel, each.parameters())) for each in theirs.trained]
    assert ours.parameters() == theirs.parameters() == sum(networks)
    assert all(each.train(1) > 0 for each in contenders)
    made = theirs.generator(torch.randn(3, 100))
    assert made.shape == (3, 1, 1024) and theirs.discriminator(made).shape == (3, 1)

    file = tmp_path / "results.json"
    words = ["--length=64", "--width=1", "--batch_size=4", "--precision=float32", "--rounds=1"]
    words += ["--even_if_busy"]
    assert sounds.main(["", "--contender=gan_tf", f"--json={file}", *words]) == 0
    results = json.loads(file.read_text())
    assert results["clips_per_second"]["gan_tf float32"] > 0
    assert "64 samples, width 1, batch 4, " in sounds.table(results)
    with pytest.raises(UserError, match="a power of two"):
        sounds.main(["", "--length=1000"])


def test_formulations_are_timed_for_each_product_of_each_convolution(monkeypatch, capsys):
    from experiments.bench import matrix_products
    from gan_tf.networks import formulation_timing

    times = {"forward": {"stock": 0.002, "patches": 0.001}, "filter_gradient": {"stock": 0.0123}}
    measured = []
    monkeypatch.setattr(
        formulation_timing,
        "measure",
        lambda geometry, batch: measured.append((geometry.dtype, batch)) or times,
    )
    monkeypatch.setattr(matrix_products.MatrixProducts, "matrix_peak", lambda self: 3e9)
    options = [
        "--dataset=mnist",
        "--width=2",
        "--batch_size=3",
        "--precision=float32",
        "--even_if_busy",
    ]
    assert convolutions.main(["", *options]) == 0
    peak, _, *rows = capsys.readouterr().out.splitlines()
    assert peak.startswith("Matrix products reach 3 GFLOP/s.")
    rows = rows[2:]
    assert len(rows) == 6 and measured == [("float32", 3)] * 3
    assert rows[0].startswith("| 28x28x1 to 2 | forward | patches 1.00, stock 2.00 | ")
    assert rows[1].startswith("| 28x28x1 to 2 | filter gradient | stock 12.30 | ")
    assert rows[0].endswith("| patches |")


def test_resampling_is_compared_with_the_layers_of_keras(monkeypatch, capsys):
    from experiments.bench import matrix_products

    monkeypatch.setattr(matrix_products.MatrixProducts, "matrix_peak", lambda self: 3e9)
    options = ["--size=32", "--width=2", "--batch_size=2", "--rounds=2", "--even_if_busy"]
    assert resampling.main(["", *options]) == 0
    peak, _, *rows = capsys.readouterr().out.splitlines()
    assert peak.startswith("Matrix products reach 3 GFLOP/s.")
    assert [each.split(" | ")[0] for each in rows[2:]] == [
        "| up: 16x16x4 to 32x32x2",
        "| down: 32x32x2 to 16x16x4",
        "| up: 8x8x8 to 16x16x4",
        "| down: 16x16x4 to 8x8x8",
    ]
    for row in rows[2:]:
        stock, ours, ratio = map(float, row.strip("| ").split(" | ")[1:])
        assert stock > 0 and ours > 0 and ratio > 0


def test_the_tuned_contender_uses_what_is_fastest_here(monkeypatch):
    from experiments.bench import ours
    from gan_tf.networks import formulation_timing
    from gan_tf.networks.formulation_choice import Choice

    chosen = Choice("patches", "columns", "rows")
    monkeypatch.setattr(device, "kind", lambda: "cpu")
    monkeypatch.setattr(formulation_timing, "fastest", lambda geometry, batch: chosen)
    monkeypatch.setattr(formulation_timing, "time_networks", lambda *_: [2.0, 1.0])
    job = Job("dcgan", SHAPES[0], width=2, batch_size=2)
    gan = ours.TunedTraining.build(object.__new__(ours.TunedTraining), job)
    for geometry, layers in formulation_timing.convolutions([gan.discriminator]).items():
        assert [each.choices.of(geometry) for each in layers] == [chosen]


def test_operations_are_counted_by_kind_without_what_contains_them():
    events = [
        ("StatefulPartitionedCall/a/Conv2D:_MklNativeConv2D", 3_000_000_000),
        ("b/Conv2D_1:_MklNativeConv2D", 1_000_000_000),
        ("MatMul:_MklMatMul", 2_000_000_000),
        ("c/Cast:Cast", 500_000_000),
        ("CpuExecutable::ExecuteAsyncOnStream", 250_000_000),
        ("bitcast_fusion", 200_000_000),
        ("ExecutorState::Process", 9_000_000_000),
        ("EagerLocalExecute: __inference_step_1", 9_000_000_000),
    ]
    calls, milliseconds = operations.by_operation(events)
    assert calls == {"Conv2D": 2, "MatMul": 1, "Cast": 1, "XLA": 1}
    assert milliseconds == {"Conv2D": 4.0, "MatMul": 2.0, "Cast": 0.5, "XLA": 0.25}


def test_a_recorded_function_has_its_operations():
    import tensorflow as tf

    x = tf.ones((64, 64))
    compute = tf.function(lambda: tf.linalg.trace(tf.matmul(x, x)))
    training = types.SimpleNamespace(train=lambda steps: [compute() for _ in range(steps)])
    calls, milliseconds = operations.by_operation(operations.record(training, 3))
    assert calls["MatMul"] == 3 and 0 < milliseconds["MatMul"] < 10_000


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ({"float32": 0.0, "bfloat16": 0.0}, [64, 128, 64, 128]),
        ({"float32": 0.0, "bfloat16": 0.02}, [64, 128, 64]),  # computed without hardware
    ],
)
def test_a_precision_that_is_slow_is_not_tried_at_larger_sizes(seconds, expected):
    tried = []

    def product(dtype, size):
        tried.append(size)
        return lambda: time.sleep(seconds[dtype] + size**3 * 1e-8)

    assert 0 < machine.fastest_product(product, tuple(seconds), 0.05, (64, 128)) < 2e8
    assert tried == expected
