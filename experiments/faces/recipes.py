"""What is trained: presets, other recipes of gan_tf, and those of other libraries' tutorials."""

import dataclasses

from experiments.configs import config_of

_FACES = ("--dataset=celeb_a", "--image_size=64", "--flip", "--batch_size=32")
_DIGITS = ("--dataset=mnist", "--batch_size=64")
_DCGAN_FACES = (*_FACES, "--arch=dcgan", "--batch_size=64")  # the learning rate of the paper
_DCGAN_DIGITS = (*_DIGITS, "--arch=dcgan", "--width=32")
_AVERAGE = "--trick=ema(half_life=10000.0, ramp=0.05)"
_STYLEGAN2 = ("--arch=stylegan2", "--penalty=r1(0.1, every=16)", _AVERAGE)
_R3GAN = (
    "--arch=r3gan",
    "--loss=relativistic",
    "--penalty=r1(1, every=1)",
    "--penalty=r2(1, every=1)",
    _AVERAGE,
)
_FASTGAN = ("--arch=fastgan", "--loss=hinge", "--trick=reconstruction", "--trick=ema(0.999)")


def _rate(rate):
    return (
        f"--generator_optimizer=adam({rate}, beta_1=0.5)",
        f"--discriminator_optimizer=adam({rate}, beta_1=0.5)",
    )


_RESNET = (
    "--arch=resnet",
    "--width=16",
    "--loss=hinge",
    "--penalty=r1(0.05)",
    *_rate("5e-4"),
    "--trick=ema(0.999)",
)
_QUICK = ("--batch_size=16", *_rate("5e-4"), "--trick=ema(0.999)")
_ADA = "--trick=ada(kimg=100.0)"
_DIFF_AUGMENT = "--trick=diff_augment('color,translation')"


@dataclasses.dataclass(frozen=True)
class Task:
    """Data, and what is trained on them.

    Attributes:
        title: of tables and plots.
        recipes: {name: words of `gan_tf.main`}.
        peers: {name: the class in `peers` that trains it}.
        minutes: of training time, after which each is scored.
        goals: values of FID of which the table says when they are reached.
    """

    title: str
    recipes: dict
    peers: dict
    minutes: tuple
    goals: tuple = ()


def _updates():
    """The DCGAN of MNIST: one thing changed at a time, of how it is updated, and some of them together."""
    small, unnormalized = "--batch_size=16", "--discriminator_norm=none"
    r1, average = "--penalty=r1(0.05)", "--trick=ema(0.999)"
    changes = {f"batch-{size}": [f"--batch_size={size}"] for size in (16, 32, 64, 128, 256)}
    changes |= {f"rate-{rate}": _rate(rate) for rate in ("1e-4", "5e-4", "1e-3")}
    changes |= {
        "batch-16-rate-5e-4": [small, *_rate("5e-4")],
        "batch-16-rate-1e-3": [small, *_rate("1e-3")],
        "batch-16-rate-5e-4-ema": [small, *_rate("5e-4"), average],
        "batch-256-rate-5e-4": ["--batch_size=256", *_rate("5e-4")],
        "discriminator_steps-2": ["--discriminator_steps=2"],
        "generator_steps-2": ["--generator_steps=2"],
        "ema": [average],
        "r1": [unnormalized, r1],
        "r1-rate-5e-4": [unnormalized, r1, *_rate("5e-4")],
        "r1-rate-5e-4-ema": [unnormalized, r1, *_rate("5e-4"), average],
        "r1-batch-16-rate-5e-4-ema": [unnormalized, r1, small, *_rate("5e-4"), average],
    }
    return {name: (*_DCGAN_DIGITS, *words) for name, words in changes.items()}


def _face_updates():
    """The same of faces, with fewer changes."""
    base = (*_DCGAN_FACES, "--width=32")
    small, average = "--batch_size=16", "--trick=ema(0.999)"
    changes = {f"batch-{size}": [f"--batch_size={size}"] for size in (16, 32, 64, 128)}
    changes |= {f"rate-{rate}": _rate(rate) for rate in ("5e-4", "1e-3")}
    changes |= {
        "batch-16-rate-5e-4": [small, *_rate("5e-4")],
        "batch-16-rate-5e-4-ema": [small, *_rate("5e-4"), average],
        "batch-16-rate-1e-3-ema": [small, *_rate("1e-3"), average],
        "batch-128-rate-1e-3": ["--batch_size=128", *_rate("1e-3")],
        "batch-16-rate-5e-4-generator_steps-2": [small, *_rate("5e-4"), "--generator_steps=2"],
    }
    return {name: (*base, *words) for name, words in changes.items()}


def _few():
    """500 and 1,000 faces: three architectures, each plain and with two augmentations."""
    networks = {
        "dcgan": (*_DCGAN_FACES, "--batch_size=32", "--trick=ema(0.999)"),
        "stylegan2": (*_FACES, *_STYLEGAN2),
        "fastgan": (*_FACES, *_FASTGAN),
    }
    tricks = {"plain": (), "diff_augment": (_DIFF_AUGMENT,), "ada": (_ADA,)}
    found = {
        f"{network}-{trick}-{count}": (*words, *more, f"--max_images={count}")
        for count in (500, 1000)
        for network, words in networks.items()
        for trick, more in tricks.items()
    }
    small = (*_DCGAN_FACES, "--width=32", "--trick=ema(0.999)", _DIFF_AUGMENT, "--max_images=500")
    changes = {  # of the defaults for folders of few images
        "defaults": ("--batch_size=32",),
        "rate-5e-4": ("--batch_size=32", *_rate("5e-4")),
        "batch-16-rate-5e-4": ("--batch_size=16", *_rate("5e-4")),
    }
    found["dcgan-ada-filtered-500"] = (
        *networks["dcgan"],
        "--trick=ada(kimg=100.0, filtered=True)",
        "--max_images=500",
    )
    return found | {f"{name}-500": (*small, *words) for name, words in changes.items()}


TASKS = {
    "faces": Task(
        "faces, 64x64",
        {
            "dcgan": _DCGAN_FACES,
            "dcgan-ema": (*_DCGAN_FACES, "--trick=ema(0.999)"),
            "dcgan-quick": (*_DCGAN_FACES, *_QUICK),
            "dcgan-quick-32": (*_DCGAN_FACES, *_QUICK, "--width=32"),
            "dcgan-quick-32-decay": (
                *_DCGAN_FACES,
                *_QUICK,
                "--width=32",
                "--trick=lr_decay(start=0.5, total_steps=16000)",
            ),
            "dcgan-quick-16": (*_DCGAN_FACES, *_QUICK, "--width=16"),
            "dcgan-quick-32-diff_augment": (*_DCGAN_FACES, *_QUICK, "--width=32", _DIFF_AUGMENT),
            "wgan_gp": ("--preset=wgan_gp-celeb_a",),
            "hinge_sn": ("--preset=hinge_sn-celeb_a",),
            "stylegan2": (*_FACES, *_STYLEGAN2),
            "stylegan2-ada": (*_FACES, *_STYLEGAN2, _ADA),
            "stylegan2-ada-no_noise": (
                *_FACES,
                *_STYLEGAN2,
                "--arch=stylegan2(noise=False)",
                _ADA,
            ),
            "r3gan": (*_FACES, *_R3GAN),
            "r3gan-quick": (
                *_FACES,
                *_R3GAN,
                "--arch=r3gan(width=16, max_width=64)",
                "--generator_optimizer=adam(5e-4, beta_1=0.0, beta_2=0.99, epsilon=1e-8)",
                "--discriminator_optimizer=adam(5e-4, beta_1=0.0, beta_2=0.99, epsilon=1e-8)",
                "--batch_size=16",
            ),
            "fastgan": (*_FACES, *_FASTGAN, _DIFF_AUGMENT),
            "fastgan-quick": (*_FACES, *_FASTGAN, "--batch_size=16", _DIFF_AUGMENT),
            "resnet": (*_FACES, *_RESNET),
            "resnet-quick": (*_FACES, *_RESNET, "--batch_size=16"),
            "stylegan2-quick": (*_FACES, *_STYLEGAN2, "--width=16", "--batch_size=16"),
        },
        {"pytorch": "PyTorchFaces"},
        (5, 10, 15, 30),
    ),
    "digits": Task(
        "MNIST",
        {
            "dcgan": _DCGAN_DIGITS,
            "dcgan-quick": (*_DCGAN_DIGITS, *_QUICK),
            "dcgan-quick-decay": (
                *_DCGAN_DIGITS,
                *_QUICK,
                "--trick=lr_decay(start=0.5, total_steps=15000)",
            ),
            "conditional": (
                *_DCGAN_DIGITS,
                *_QUICK,
                "--conditional=projection",
                "--trick=lr_decay(start=0.5, total_steps=20000)",
            ),
            "dcgan-quick-16": (*_DCGAN_DIGITS, *_QUICK, "--width=16"),
            "dcgan-quick-nearest": (*_DCGAN_DIGITS, *_QUICK, "--upsampling=nearest"),
            "dcgan-quick-max_pool": (*_DCGAN_DIGITS, *_QUICK, "--downsampling=max_pool"),
            "ema": ("--preset=ema-mnist",),
            "wgan_gp": ("--preset=wgan_gp-mnist",),
            "hinge_sn": ("--preset=hinge_sn-mnist",),
            "stylegan2": (*_DIGITS, *_STYLEGAN2),
            "r3gan": (*_DIGITS, *_R3GAN),
            "fastgan": (*_DIGITS, *_FASTGAN),
            "resnet": (*_DIGITS, *_RESNET),
        },
        {"tensorflow": "TensorFlowDigits", "pytorch": "PyTorchDigits"},
        (0.5, 1, 1.5, 2, 3, 4, 5, 7, 10, 15),
        (10, 5, 2, 1),
    ),
    "updates": Task("MNIST", _updates(), {}, (2, 5)),
    "face_updates": Task("faces, 64x64", _face_updates(), {}, (3,)),
    "few": Task("few faces, 64x64", _few(), {}, (10, 20)),
}


def run_config(task, name, seed, run_dir, changes=()):
    """Returns the resolved `Config` of a training, or of the data that a peer is trained on.

    Args:
        task: one of `TASKS`.
        name: of its recipes or peers.
        seed: of everything random.
        run_dir: the folder of the run.
        changes: further flags.
    """
    data = {"faces": _FACES, "digits": _DIGITS}  # of peers
    words = TASKS[task].recipes.get(name) or data[task]
    # The length is that of the clock; what is kept and drawn meanwhile is little.
    own = ["--steps=1000000", "--checkpoint_every=500steps", "--sample_every=5000steps", "--keep=1"]
    return config_of([*words, *own, f"--seed={seed}", f"--run_dir={run_dir}", *changes])
