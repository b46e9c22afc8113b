"""How networks are trained."""

import dataclasses

from gan_tf.options.option import option
from gan_tf.registry import LOSSES, OPTIMIZERS, PENALTIES, STRATEGIES, TRICKS

PRECISIONS = ("auto", "float32", "mixed_bfloat16", "mixed_float16")
ADAM = "adam(2e-4, beta_1=0.5)"  # Radford et al., 2016


def _optimizer(whose):
    text = f"optimizer of the {whose}; default: that of the --penalty's paper, else {ADAM}"
    return option(None, "Training", text, registry=OPTIMIZERS)


@dataclasses.dataclass(frozen=True)
class TrainingOptions:
    """The loss and what is added to it, optimizers, duration, and how it is computed."""

    loss: str | None = option(
        None,
        "Training",
        "adversarial loss; default: by --gan, non_saturating for standard",
        registry=LOSSES,
    )
    penalty: tuple = option(
        (), "Training", "what keeps the discriminator smooth", registry=PENALTIES
    )
    trick: tuple = option((), "Training", "what else helps", registry=TRICKS)
    generator_optimizer: str | None = _optimizer("generator")
    discriminator_optimizer: str | None = _optimizer("discriminator")
    discriminator_steps: int = option(
        1,
        "Training",
        "discriminator updates, each on a batch, per generator update",
        low=1,
        high=100,
    )
    init_from: str | None = option(
        None,
        "Training",
        "folder of a trained run, maybe on other images, whose weights this one begins with",
        path=True,
    )
    freeze_discriminator: int = option(
        0,
        "Training",
        "levels of the discriminator, nearest to the image, that stay as in --init_from",
        low=0,
    )
    semi_supervised: int | None = option(
        None,
        "Training",
        "labelled images that teach the discriminator the classes; the others' labels are not used",
        low=1,
    )
    batch_size: int = option(128, "Training", "images in a batch", low=2, high=65536)
    epochs: int = option(20, "Training", "passes over the data", low=1, free=True)
    steps: int | None = option(
        None, "Training", "training steps; where given, --epochs does not count", low=1, free=True
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
        "training steps between which Python does nothing, at most: auto, or a number; auto: up to 25 "
        "for mlp, else 1. What is logged comes that much late; --deterministic and --strategy make it 1",
        free=True,
    )
    jit_compile: str = option(
        "auto",
        "Training",
        "whether XLA compiles the training step; auto: on a single GPU, since it slows convolutions on a "
        "CPU",
        choices=("auto", "yes", "no"),
        free=True,
    )
    deterministic: bool = option(
        False, "Training", "repeat every operation bit for bit, at some cost in speed", free=True
    )
    strategy: str | None = option(
        None,
        "Training",
        "more than one device, or machine, which share each batch; default: one",
        registry=STRATEGIES,
        free=True,
    )
    on_unhealthy: str = option(
        "warn",
        "Training",
        "what to do when the game goes wrong; rollback: to the last healthy checkpoint, at half the "
        "learning rates, three times at most",
        choices=("warn", "stop", "rollback"),
        free=True,
    )
