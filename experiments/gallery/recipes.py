"""The trainings of the gallery: a kind of GAN, and a data set that comes with gan_tf or is downloaded."""

import dataclasses

from experiments.configs import config_of


@dataclasses.dataclass(frozen=True)
class Recipe:
    """An entry of the gallery.

    Attributes:
        title: the kind of GAN and the data, such as "DCGAN, digits".
        words: the arguments of `gan_tf.main`, as one would type them.
        page: the page of the kind in docs/.
        panels: of the plot of its log, see `experiments.curves`; default: those of images.
    """

    title: str
    words: tuple
    page: str
    panels: tuple = ()

    @property
    def config(self):
        """The resolved `Config` of the run."""
        return config_of(self.words)


def _glyphs(name, *words):
    return ("--dataset=glyphs", *words, f"--run_dir=runs/glyphs-{name}")


_RATE = (
    "--generator_optimizer=adam(5e-4, beta_1=0.5)",
    "--discriminator_optimizer=adam(5e-4, beta_1=0.5)",
)
SECTIONS = {  # title: {name of the files: recipe}
    "Images": {
        "glyphs-dcgan": Recipe("DCGAN, digits", ("--preset=demo",), "dcgan"),
        "glyphs-conditional": Recipe(
            "Conditional DCGAN, digits",
            _glyphs(
                "conditional",
                "--width=32",
                "--conditional=projection",
                *_RATE,
                "--trick=lr_decay(start=0.5)",
                "--batch_size=16",
                "--steps=3000",
            ),
            "conditioning",
        ),
        "glyphs-wgan_gp": Recipe(
            "WGAN-GP, digits",
            _glyphs(
                "wgan_gp",
                "--width=16",
                "--loss=wasserstein",
                "--penalty=wgan_gp(10)",
                "--discriminator_norm=layer",
                "--generator_optimizer=adam(5e-4, beta_1=0.0, beta_2=0.9)",
                "--discriminator_optimizer=adam(5e-4, beta_1=0.0, beta_2=0.9)",
                "--discriminator_steps=2",
                "--trick=lr_decay(start=0.5)",
                "--trick=ema(0.999)",
                "--batch_size=16",
                "--steps=9000",
            ),
            "losses",
            (
                "discriminator_loss:generator_loss",
                "real_logit:fake_logit",
                "penalty",
                "discriminator_gradient_norm:generator_gradient_norm",
            ),
        ),
        "glyphs-stylegan2": Recipe(
            "StyleGAN2, digits", ("--preset=stylegan2-glyphs",), "stylegan2"
        ),
        "glyphs-r3gan": Recipe("R3GAN, digits", ("--preset=r3gan-glyphs",), "r3gan"),
        "glyphs-fastgan": Recipe("FastGAN, 500 digits", ("--preset=fastgan-glyphs",), "fastgan"),
        "glyphs-ada": Recipe(
            "DCGAN with adaptive augmentation, 300 digits",
            _glyphs(
                "ada",
                "--max_images=300",
                "--width=32",
                "--discriminator_norm=none",
                "--penalty=r1(0.05)",
                "--trick=ada(kimg=50.0)",
                "--trick=ema(0.999)",
                *_RATE,
                "--batch_size=16",
                "--steps=4000",
            ),
            "tricks",
            (
                "discriminator_loss:generator_loss",
                "augmentation_strength:real_sign",
                "real_probability:fake_probability",
                "diversity",
            ),
        ),
        "glyphs-bigan": Recipe("BiGAN, digits", ("--preset=bigan-glyphs",), "bigan"),
        "mnist-dcgan": Recipe("DCGAN, MNIST", ("--preset=dcgan-mnist",), "dcgan"),
        "mnist-conditional": Recipe(
            "Conditional DCGAN, MNIST", ("--preset=conditional-mnist",), "conditioning"
        ),
        "celeb_a-dcgan": Recipe("DCGAN, faces", ("--preset=dcgan-celeb_a",), "dcgan"),
    },
    "Translation": {
        "glyphs-pix2pix": Recipe(
            "pix2pix, outlines to digits",
            _glyphs(
                "pix2pix",
                "--gan=pix2pix",
                "--pair_by=edges",
                "--discriminator=patchgan(1)",
                "--width=16",
                "--batch_size=16",
                "--steps=1500",
            ),
            "translation",
        ),
        "glyphs-super_resolution": Recipe(
            "Super-resolution, digits from 7 to 28 pixels",
            ("--preset=super_resolution-glyphs",),
            "translation",
        ),
        "celeb_a-color": Recipe(
            "pix2pix, gray faces to color", ("--preset=pix2pix-color-celeb_a",), "translation"
        ),
        "glyphs-cyclegan": Recipe(
            "CycleGAN, digits of fonts to MNIST and back",
            ("--preset=cyclegan-glyphs",),
            "cyclegan",
            (
                "discriminator_loss:generator_loss",
                "cycle_loss:identity_loss:category_loss",
                "real_class_accuracy:fake_class_accuracy",
                "class_diversity:class_diversity_b_to_a",
            ),
        ),
        "fonts-zi2zi": Recipe(
            "zi2zi, letters in the style of other fonts",
            ("--preset=zi2zi_small-fonts",),
            "fonts",
        ),
    },
    "Text and DNA": {
        "sentences-seqgan": Recipe(
            "SeqGAN, sentences",
            ("--preset=seqgan-sentences",),
            "seqgan",
            (
                "pretraining_loss:nll_test",
                "reward",
                "real_probability:fake_probability",
                "grammatical",
            ),
        ),
        "motifs-wgan_gp": Recipe(
            "WGAN-GP, DNA with binding sites",
            (
                "--preset=wgan_gp-motifs",
                "--width=32",
                "--batch_size=16",
                "--steps=3000",
                "--run_dir=runs/motifs-small",
            ),
            "sequences",
        ),
    },
    "Sound": {
        "tones-specgan": Recipe(
            "SpecGAN, notes",
            ("--preset=specgan-tones", "--steps=1500", "--run_dir=runs/tones-short"),
            "wavegan",
        ),
        "tones-wavegan": Recipe("WaveGAN, notes", ("--preset=wavegan-tones",), "wavegan"),
    },
    "Video": {
        "moving_glyphs-mocogan": Recipe(
            "MoCoGAN, digits that move", ("--preset=mocogan-moving_glyphs",), "mocogan"
        ),
        "moving_glyphs-tgan": Recipe(
            "TGAN, digits that move",
            ("--preset=tgan-moving_glyphs",),
            "mocogan",
            (
                "discriminator_loss:generator_loss",
                "real_logit:fake_logit",
                "penalty",
                "diversity:class_diversity",
            ),
        ),
    },
}
RECIPES = {name: each for section in SECTIONS.values() for name, each in section.items()}
