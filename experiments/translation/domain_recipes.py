"""The trainings of translations between domains and of fonts: tasks, each with variants of one setting."""

import dataclasses
import shlex

_SHORT = "--keep=1 --log_every=100steps --sample_every=1000steps"
_RATES = "--generator_optimizer=adam({0},beta_1=0.5) --discriminator_optimizer=adam({1},beta_1=0.5)"
_FALLING = "--trick=lr_decay(start=0.5)"  # constant, then linear to 0, as published
FONTS = {  # name of a style (that of its file): where Debian installs it, below /usr/share/fonts
    "ukai": "truetype/arphic/ukai.ttc",
    "cwfs": "truetype/cwtex/cwfs.ttf",
    "cwyen": "truetype/cwtex/cwyen.ttf",
    "uming": "truetype/arphic/uming.ttc",
    "cwheib": "truetype/cwtex/cwheib.ttf",
    "LXGWWenKai-Regular": "truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf",
    "YuseiMagic-Regular": "truetype/yusei-magic/YuseiMagic-Regular.ttf",
    "kouzan-mouhitsu": "truetype/kouzan-mouhitsu/kouzan-mouhitsu.ttf",
}
_STYLES = ",".join(f"{{fonts}}/{each}" for each in FONTS.values())


@dataclasses.dataclass(frozen=True)
class Task:
    """What is translated.

    Attributes:
        title: for tables.
        scorer: the name of a function of `domain_scoring`.
        metrics: of `gan_tf.evaluate`, in the order of tables.
        flags: of all its trainings.
        variants: {name: further flags, or a preset without those of the others}.
        columns: {key of a score: title} in tables.
        goals: {(part of the scores, key): what should be reached}.
    """

    title: str
    scorer: str
    metrics: tuple
    flags: str
    variants: dict
    columns: dict
    goals: dict = dataclasses.field(default_factory=dict)


_UNPAIRED = ("fid", "cycle_l1", "robust_cycle_l1")
_CYCLE_COLUMNS = {
    "fid": "FID",
    "cycle_l1": "cycle L1",
    "robust_cycle_l1": "robust",
}
_64_PIXELS = (
    "--arch=resnet_translator(blocks=4) --width=24 --discriminator=patchgan(2,width=32) "
    f"{_RATES.format('2e-4', '2e-4')} {_FALLING} --trick=ema(0.999) --batch_size=8 --steps=3000"
)
_CATEGORY = "--preset=cyclegan-glyphs --steps=1000 --gan=cyclegan(cycle=5,category=1"
_STYLES_METRICS = ("l1", "recognized", "style_accuracy")
_STYLE_COLUMNS = {"recognized": "recognized", "l1": "L1", "style_accuracy": "style"}
_FONTS_FLAGS = (
    "--dataset=fonts --charset=experiments/translation/characters.txt --source_font={fonts}/opentype/noto/"
    f"NotoSansCJK-Regular.ttc#2 --target_fonts={_STYLES} --width=32 --batch_size=16 --trick=ema(0.999)"
)

TASKS = {
    "digits": Task(
        "glyphs and MNIST",
        "digits",
        (*_UNPAIRED, "class_kept"),
        "--dataset=glyphs --to_dataset=mnist --arch=srresnet(width=24,blocks=5) "
        "--discriminator=\"patchgan(2,width=32,discriminator_norm='none',spectral_norm='discriminator')\" "
        f"{_RATES.format('4e-4', '4e-4')} {_FALLING} --trick=instance_noise(0.3) "
        "--trick=gradient_clipping(10) --trick=ema(0.999) --batch_size=16 --steps=6000",
        {
            "base": "--gan=cyclegan(cycle=2,identity=0.2,noise=0.3,self_regularization=2)",
            "no_noise": "--gan=cyclegan(cycle=2,identity=0.2,self_regularization=2)",
            "no_self_regularization": "--gan=cyclegan(cycle=2,identity=0.2,noise=0.3)",
            "no_pool": "--gan=cyclegan(cycle=2,identity=0.2,noise=0.3,self_regularization=2,pool=0)",
            "no_identity": "--gan=cyclegan(cycle=2,identity=0,noise=0.3,self_regularization=2)",
            "category": "--preset=cyclegan-glyphs",
            "category_short": "--preset=cyclegan-glyphs --steps=1000",
            "category_no_pool": f"{_CATEGORY},pool=0)",
            "category_no_identity": f"{_CATEGORY},identity=0)",
        },
        _CYCLE_COLUMNS | {"class_kept": "class kept", "trained_on": "trained on outputs"},
        {("a_to_b", "class_kept"): 0.95, ("b_to_a", "class_kept"): 0.95},
    ),
    "smiles": Task(
        "not smiling and smiling",
        "faces",
        _UNPAIRED,
        f"--dataset=celeb_a --label=Smiling --domains='not Smiling,Smiling' --flip {_64_PIXELS}",
        {"base": "--gan=cyclegan(cycle=5,identity=0.5)"},
        _CYCLE_COLUMNS | {"attribute_changed": "attribute changed", "others_kept": "others kept"},
    ),
    "emoji": Task(
        "emoji of Google and of Twitter",
        "counterparts",
        _UNPAIRED,
        "--dataset=unpaired_folders --image_dir={emoji}/google --to_image_dir={emoji}/twitter --flip "
        f"{_64_PIXELS} --image_size=32 --discriminator=patchgan(1,width=32)",
        {
            "base": "--gan=cyclegan(cycle=5,identity=0.5)",
            "no_identity": "--gan=cyclegan(cycle=5,identity=0)",
        },
        _CYCLE_COLUMNS | {"psnr": "PSNR, dB", "ssim": "SSIM", "l1": "L1"},
    ),
    "fonts": Task(
        "Noto Sans CJK to eight styles",
        "styles",
        _STYLES_METRICS,
        _FONTS_FLAGS,
        {
            "base": f"--gan=zi2zi {_RATES.format('5e-4', '2e-4')} {_FALLING} --steps=12000",
        },
        _STYLE_COLUMNS,
        {
            ("ukai", "recognized"): 0.95,
            ("cwfs", "recognized"): 0.95,
            ("cwyen", "recognized"): 0.95,
            ("kouzan-mouhitsu", "recognized"): 0.6,
        },
    ),
    "letters": Task(
        "DejaVu Sans to six styles",
        "styles",
        _STYLES_METRICS,
        "--dataset=fonts --width=16 --batch_size=16",
        {
            "base": "--gan=zi2zi --steps=2000",
            "continued": "--gan=zi2zi --init_from={letters-base} --steps=1000",
            "shuffled": "--gan=zi2zi(shuffle=True) --init_from={letters-base} --steps=1000",
        },
        _STYLE_COLUMNS,
    ),
}

# The most telling first: the program can be stopped at any time. Starts precede what follows them.
ORDER = (
    "digits-base",
    "fonts-base",
    "emoji-base",
    "smiles-base",
    "digits-category",
    "digits-category_short",
    "digits-category_no_pool",
    "digits-category_no_identity",
    "digits-no_self_regularization",
    "digits-no_noise",
    "digits-no_pool",
    "digits-no_identity",
    "emoji-no_identity",
    "letters-base",
    "letters-continued",
    "letters-shuffled",
)


def words(name, folders, seed, runs, steps=None):
    """Returns the arguments of `gan_tf.main` for a training.

    Args:
        name: one of `ORDER`.
        folders: {"emoji": folder, "fonts": folder}.
        seed: of the run.
        runs: the folder of runs.
        steps: how many instead of those of the recipe; None: those.
    """
    task, _, variant = name.partition("-")
    known = {each: directory(each, seed, runs) for each in ORDER} | folders
    flags = f"{TASKS[task].variants[variant]} {_SHORT}"
    if not flags.startswith("--preset"):  # which says all there is
        flags = f"{TASKS[task].flags} {flags}"
    parts = [each.format_map(known) for each in shlex.split(flags)]
    more = [f"--seed={seed}", f"--run_dir={directory(name, seed, runs)}"]
    return [*parts, *more, *([f"--steps={steps}"] if steps else [])]


def directory(name, seed, runs):
    """Returns the directory of a run."""
    return f"{runs}/{name}-{seed}"
