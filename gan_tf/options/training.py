"""How networks are trained."""

import dataclasses

from gan_tf.options.option import option
from gan_tf.registry import (
    CONTENT_LOSSES,
    LOSSES,
    OPTIMIZERS,
    PENALTIES,
    REWARDS,
    STRATEGIES,
    TRICKS,
)

PRECISIONS = ("auto", "float32", "mixed_bfloat16", "mixed_float16")
ADAM = "adam(2e-4, beta_1=0.5)"  # Radford et al., 2016


def _optimizer(whose):
    text = f"optimizer of the {whose}; default: that of the paper of the --penalty or --arch, else {ADAM}"
    return option(None, "Training", text, registry=OPTIMIZERS)


@dataclasses.dataclass(frozen=True)
class TrainingOptions:
    """The loss, penalties and tricks, optimizers, duration, and how training is computed."""

    loss: str | None = option(
        None,
        "Training",
        "adversarial loss; default: by --gan, non_saturating for standard",
        registry=LOSSES,
    )
    content_loss: tuple = option(
        (),
        "Training",
        "adds a loss of output and target, for translations; default: by --gan",
        registry=CONTENT_LOSSES,
    )
    reward: str | None = option(
        None,
        "Training",
        "what the discriminator's opinion is worth to each token of a sequence; default: by --gan, "
        "rollout for seqgan",
        registry=REWARDS,
    )
    penalty: tuple = option((), "Training", "regularizes the discriminator", registry=PENALTIES)
    trick: tuple = option((), "Training", "training tricks", registry=TRICKS)
    generator_optimizer: str | None = _optimizer("generator")
    discriminator_optimizer: str | None = _optimizer("discriminator")
    pretraining_optimizer: str | None = option(
        None,
        "Training",
        "optimizer of the generator in its phase of maximum likelihood; default: by --gan",
        registry=OPTIMIZERS,
    )
    discriminator_steps: int = option(
        1,
        "Training",
        "discriminator updates per generator update, each on a batch of its own",
        low=1,
        high=100,
    )
    generator_steps: int = option(
        1,
        "Training",
        "generator updates per training step, all on the same batch; zi2zi: 2",
        low=1,
        high=100,
    )
    init_from: str | None = option(
        None,
        "Training",
        "start from the weights of another run, given its folder",
        path=True,
    )
    freeze_discriminator: int = option(
        0,
        "Training",
        "freeze this many levels of the discriminator, nearest to the image, as loaded by --init_from",
        low=0,
    )
    semi_supervised: int | None = option(
        None,
        "Training",
        "also train the discriminator as a classifier, with this many labeled images and no other labels",
        low=1,
    )
    batch_size: int = option(
        128, "Training", "images in a batch; at least 2, of translations 1", low=1, high=65536
    )
    epochs: int = option(20, "Training", "passes over the data", low=1, free=True)
    steps: int | None = option(
        None,
        "Training",
        "training steps; overrides --epochs; default for fewer than 10,000 images of your own: 4000",
        low=1,
        free=True,
    )
    seed: int = option(0, "Training", "seed of everything random", low=0, high=2**31 - 1)
    precision: str = option(
        "auto",
        "Training",
        "auto: mixed_bfloat16 where the CPU computes in it, mixed_float16 on GPUs with tensor cores, else "
        "float32",
        choices=PRECISIONS,
        free=True,
    )
    steps_per_execution: str = option(
        "auto",
        "Training",
        "run up to this many training steps without returning to Python; auto: up to 25 for "
        "mlp, else 1. Logs come that much later; --deterministic and --strategy make it 1",
        free=True,
    )
    jit_compile: str = option(
        "auto",
        "Training",
        "compile the training step with XLA; auto: on a single GPU, since it slows "
        "convolutions on a CPU",
        choices=("auto", "yes", "no"),
        free=True,
    )
    tune: str = option(
        "off",
        "Training",
        "auto: time the formulations of convolutions on this machine, once (seconds), and use the fastest; "
        "a file ending in .json: the same, kept there instead of in the cache; off: a rule of thumb",
        path=".json",
        free=True,
    )
    deterministic: bool = option(
        False, "Training", "repeat every operation bit for bit, at some cost in speed", free=True
    )
    strategy: str | None = option(
        None,
        "Training",
        "divide each batch among several devices or machines; default: one device",
        registry=STRATEGIES,
        free=True,
    )
    on_unhealthy: str = option(
        "warn",
        "Training",
        "what to do when training fails; rollback: return to the last healthy checkpoint, at "
        "half the learning rates, at most three times",
        choices=("warn", "stop", "rollback"),
        free=True,
    )
