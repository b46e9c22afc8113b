"""Presets and the results reported in papers: data, without TensorFlow."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Preset:
    """How a GAN is trained.

    Attributes:
        steps: updates of either network.
        batch_size: samples per step.
        learning_rate, beta_1, beta_2: Adam's, for both networks.
        decays: whether the learning rate decays to 0 over the run, as a cosine.
        networks: the networks: for points, the name of a class in networks.py; for images, the spec
            of an architecture.
        latent_dim: length of the latents.
        packing: samples that the discriminator scores at once.
        smoothness: the first and last weight of `AnnealedR1`, if used.
        penalties, tricks: specs, see `gan_tf.gans.standard.GAN`.
    """

    steps: int
    batch_size: int
    learning_rate: float
    beta_1: float
    beta_2: float = 0.999
    decays: bool = False
    networks: str = "published"
    latent_dim: int = 2
    packing: int = 1
    smoothness: tuple = ()
    penalties: tuple = ()
    tricks: tuple = ()


_POINTS = Preset(steps=10_000, batch_size=100, learning_rate=1e-4, beta_1=0.8)
_BEST_POINTS = dict(
    batch_size=250,
    learning_rate=2e-3,
    beta_1=0.0,
    beta_2=0.9,
    decays=True,
    networks="spread",
    tricks=("ema(0.998)",),
)
_IMAGES = Preset(
    steps=2000,
    batch_size=128,
    learning_rate=2e-4,
    beta_1=0.5,
    networks="dcgan(width=24)",
    latent_dim=100,
)

PRESETS = {
    "ring": {
        "vanilla": _POINTS,
        # A batch of PacGAN's is 100 packs.
        "pacgan": dataclasses.replace(_POINTS, packing=2, batch_size=200),
        "best": Preset(steps=10_000, smoothness=(0.1, 0.01), **_BEST_POINTS),
    },
    "grid": {
        "vanilla": _POINTS,
        "pacgan": dataclasses.replace(_POINTS, packing=4, batch_size=400),
        "best": Preset(steps=20_000, smoothness=(2.0, 0.1), **_BEST_POINTS),
    },
    "stacked_mnist": {
        "vanilla": _IMAGES,
        "pacgan": dataclasses.replace(_IMAGES, packing=2),
        "best": Preset(
            steps=20_000,
            batch_size=64,
            learning_rate=5e-4,
            beta_1=0.5,
            decays=True,
            networks="dcgan(width=32)",
            latent_dim=100,
            packing=2,
            penalties=("dragan(10)",),
            tricks=("ema(0.999)",),
        ),
    },
}

# (method, modes, share of high quality or KL): Lin et al., "PacGAN", 2018
# (https://arxiv.org/abs/1712.04086), tables 1 to 3; the rows of VEEGAN, and the first of DCGAN,
# are from Srivastava et al., "VEEGAN", 2017 (https://arxiv.org/abs/1705.07761).
PUBLISHED = {
    "ring": (
        ("GAN (PacGAN's)", 6.3, 0.982),
        ("VEEGAN", 8.0, 0.529),
        ("PacGAN2", 7.9, 0.956),
    ),
    "grid": (
        ("GAN (PacGAN's)", 17.3, 0.948),
        ("VEEGAN", 24.6, 0.40),
        ("PacGAN4", 24.8, 0.936),
    ),
    "stacked_mnist": (
        ("DCGAN", 99.0, 3.40),
        ("VEEGAN", 150.0, 2.95),
        ("DCGAN (PacGAN's)", 78.9, 4.50),
        ("PacDCGAN2", 1000.0, 0.06),
    ),
}
