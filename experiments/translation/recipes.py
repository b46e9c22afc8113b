"""The trainings: tasks, each with the content loss only, the adversarial loss only, and both."""

import dataclasses
import shlex

_FACES = "--dataset=celeb_a --flip"
_SHORT = "--batch_size=16 --keep=1 --log_every=100steps --sample_every=500steps"
# Content losses alone are minimized at a high rate that falls to zero; the game has pix2pix's momentum.
CONTENT = "--loss=none --trick=lr_decay('cosine')"
GAME = "--generator_optimizer=adam(5e-4,beta_1=0.5) --discriminator_optimizer=adam(5e-4,beta_1=0.5)"
_LONG = "--trick=lr_decay('linear',start=0.5) --trick=ema(0.999)"
# Where a source is mostly black: without this, its outputs are under a pattern of squares.
_DRAWING = (
    f"{GAME} --discriminator=patchgan(2) --arch=unet(dropout=0) --generator_norm=layer "
    "--upsampling=nearest"
)
LOSSES = ("content", "both", "adversarial")


@dataclasses.dataclass(frozen=True)
class Task:
    """What is translated.

    Attributes:
        title: for tables.
        baseline: the name of a function of `baselines`, and what it is called in tables.
        flags: of all its trainings.
        content, both, adversarial: further flags with these losses; None: not part of the experiment.
        goal: the PSNR in dB that the content loss alone should reach; None: none was set.
    """

    title: str
    baseline: tuple
    flags: str
    content: str | None = None
    both: str | None = None
    adversarial: str | None = None
    goal: float | None = None


_SR = f"{_FACES} --pair_by=downscale(4) --arch=srresnet(width=64,blocks=8)"
_STAGE = (  # after training with the content loss only
    "--generator_optimizer=adam(2e-4,beta_1=0.5) --discriminator_optimizer=adam(4e-4,beta_1=0.5)"
)
_SR_GAME = f"{_STAGE} --discriminator=patchgan(2,width=32)"
_UNET = "--arch=unet --width=32"
_FAST = "--generator_optimizer=adam(1e-3,beta_1=0.9)"

TASKS = {
    "super_resolution": Task(
        "16 to 64 pixels",
        ("bicubic", "bicubic"),
        _SR,
        content=f"{CONTENT} {_FAST} --steps=1000",
        both=f"{_SR_GAME} --content_loss=l1(10) --init_from={{super_resolution-content}} {_LONG} "
        "--steps=2000",
        adversarial=f"{_SR_GAME} --content_loss=none --steps=1000",
        goal=24.7,
    ),
    "color": Task(
        "gray to color",
        ("mean_chroma_map", "mean chroma of each pixel"),
        f"--gan=pix2pix(color='lab') {_FACES} --pair_by=lightness {_UNET}",
        content=f"{CONTENT} {_FAST} --steps=1500",
        both=f"{_STAGE} --discriminator=patchgan(2) --content_loss=l1(20) "
        f"--init_from={{color-content}} {_LONG} --steps=4000",
        adversarial=f"{GAME} --discriminator=patchgan(2) --content_loss=none --steps=800",
        goal=26.5,
    ),
    "noise": Task(
        "noise of 0.1",
        ("untranslated", "noisy image"),
        f"{_FACES} --pair_by=noise(0.1) --arch=srresnet(width=32,blocks=4)",
        content=f"{CONTENT} {_FAST} --steps=800",
        both=f"{GAME} --discriminator=patchgan(1,width=32) --content_loss=l1(100) --steps=800",
        goal=28.0,
    ),
    "maps": Task(
        "satellite image to relief",
        ("quadratic_fit", "quadratic fit of each pixel"),
        f"--dataset=paired_folder --image_dir={{maps}} --jitter=0.12 {_UNET}",
        content=f"{CONTENT} {_FAST} --steps=6000",
        both=f"{GAME} --discriminator=patchgan(2) --steps=1200",
        adversarial=f"{GAME} --discriminator=patchgan(2) --content_loss=none --steps=800",
        goal=20.5,
    ),
    "inpainting": Task(
        "a quarter missing in the center",
        ("untranslated", "masked image"),
        f"{_FACES} --pair_by=mask('center') {_UNET}",
        content=f"{CONTENT} {_FAST} --steps=1000",
        both=f"{_STAGE} --discriminator=patchgan(2) --content_loss=l1(20) "
        "--init_from={inpainting-content} --steps=1000",
        adversarial=f"{GAME} --discriminator=patchgan(2) --content_loss=none --steps=800",
        goal=22.4,
    ),
    "edges_emoji": Task(
        "edges to emoji",
        ("untranslated", "edges"),
        f"--dataset=image_folder --image_dir={{emoji}} --flip --jitter=0.12 --pair_by=edges {_UNET}",
        content=f"{CONTENT} {_FAST} --steps=1000",
        both=f"{_DRAWING} {_LONG} --steps=3000",
        adversarial=f"{GAME} --discriminator=patchgan(2) --content_loss=none --steps=800",
    ),
    "edges_faces": Task(
        "edges to faces",
        ("untranslated", "edges"),
        f"{_FACES} --pair_by=edges {_UNET}",
        content=f"{CONTENT} {_FAST} --steps=1000",
        both=f"{_DRAWING} {_LONG} --steps=4000",
        adversarial=f"{GAME} --discriminator=patchgan(2) --content_loss=none --steps=800",
    ),
}

# The most telling first: the program can be stopped at any time. Starts precede what follows them.
ORDER = (
    "super_resolution-content",
    "super_resolution-both",
    "color-content",
    "color-both",
    "noise-content",
    "maps-content",
    "inpainting-content",
    "inpainting-both",
    "edges_faces-content",
    "edges_faces-both",
    "edges_emoji-content",
    "edges_emoji-both",
    "color-adversarial",
    "super_resolution-adversarial",
    "maps-both",
    "noise-both",
    "edges_faces-adversarial",
    "inpainting-adversarial",
    "edges_emoji-adversarial",
    "maps-adversarial",
)


def words(name, folders, seed, runs):
    """Returns the arguments of `gan_tf.main` for a training.

    Args:
        name: one of `ORDER`.
        folders: {"maps": folder, "emoji": folder}.
        seed: of the run.
        runs: the folder of runs.
    """
    task, _, losses = name.rpartition("-")
    text = f"--gan=pix2pix {_SHORT} {TASKS[task].flags} {getattr(TASKS[task], losses)}"
    known = {each: directory(each, seed, runs) for each in ORDER} | folders
    parts = [each.format_map(known) for each in shlex.split(text.replace("'", "\\'"))]
    return [*parts, f"--seed={seed}", f"--run_dir={directory(name, seed, runs)}"]


def directory(name, seed, runs):
    """Returns the directory of a run."""
    return f"{runs}/{name}-{seed}"
