"""The configuration: every option of a training run, in one place.

A field is a flag: its name, type and default are the flag's, its metadata give the
help, the range and the group. A new option is a new field here, and nothing else.
"""

import contextlib
import dataclasses
import os
import re

from gan_tf.errors import UserError
from gan_tf.options import compatibility
from gan_tf.options.interval import interval
from gan_tf.options.option import check, option
from gan_tf.registry import (
    ARCHITECTURES,
    CONDITIONINGS,
    DATASETS,
    FEATURES,
    GANS,
    LOSSES,
    METRICS,
    MODALITIES,
    OPTIMIZERS,
    PENALTIES,
    PRIORS,
    STRATEGIES,
    TRICKS,
)

PRECISIONS = ("auto", "float32", "mixed_bfloat16", "mixed_float16")
_ADAM = "adam(2e-4, beta_1=0.5)"
_NORMS = ("batch", "instance", "layer", "virtual_batch", "none")
_ACTIVATIONS = ("relu", "leaky_relu", "elu", "selu", "silu", "gelu", "mish", "softplus", "tanh")


def _of_architectures(name, text, **checks):
    """An option that those architectures take which have an argument of its name."""
    entries = ARCHITECTURES.own_entries.values()
    users = {each.name for each in entries if name in {arg.name for arg in each.arguments}}
    whose = f"; for {', '.join(sorted(users))}" if len(users) < len(entries) else ""
    return option(None, "Networks", f"{text}; default: by --arch{whose}", **checks)


def _optimizer(whose):
    text = f"optimizer of the {whose}; default: that of the --penalty's paper, else {_ADAM}"
    return option(None, "Training", text, registry=OPTIMIZERS)


@dataclasses.dataclass(frozen=True)
class Config:
    """A training run. `resolve` checks it and fills in what depends on other options.

    Every field is documented by its own text, which `--help` prints.
    """

    dataset: str = option("mnist", "Data", "the images to learn", registry=DATASETS)
    data_dir: str | None = option(
        None,
        "Data",
        "folder of tensorflow-datasets; default: $TFDS_DATA_DIR or its own",
        path=True,
        free=True,
    )
    image_dir: str | None = option(
        None, "Data", "folder of your own images, for image_folder", path=True
    )
    crop: str | None = option(
        None,
        "Data",
        "how images of image_folder become square; default: center",
        choices=("center", "top", "pad", "stretch"),
    )
    color_mode: str | None = option(
        None,
        "Data",
        "colours of image_folder; default: rgb",
        choices=("rgb", "grayscale"),
    )
    celeb_a_archive: str | None = option(
        None,
        "Data",
        "img_align_celeba.zip, or its folder, instead of a download",
        path=True,
        free=True,
    )
    image_size: int | None = option(
        None, "Data", "height and width in pixels; default: the data set's own", low=4, high=1024
    )
    label: str | None = option(
        None, "Data", "attribute of celeb_a, such as Smiling, that makes two classes"
    )
    classes: str | None = option(
        None, "Data", "names or numbers of the only classes to learn, such as 5,6,7; default: all"
    )
    leave_out: str | None = option(
        None, "Data", "names or numbers of classes to leave out, such as 3; default: none"
    )
    max_images: int | None = option(
        None,
        "Data",
        "how many images to learn at most, chosen at random, the same ones whatever the --seed",
        low=1,
    )
    flip: bool = option(False, "Data", "mirror images left to right at random (for faces)")
    cache_mb: int = option(
        1024,
        "Data",
        "decoded images up to this many MB stay in memory, else on disk",
        low=0,
        free=True,
    )
    cache_dir: str | None = option(
        None,
        "Data",
        "where decoded images go on disk; default: ~/.cache/gan_tf",
        path=True,
        free=True,
    )

    gan: str = option("standard", "Networks", "kind of GAN", registry=GANS)
    arch: str | None = option(
        None,
        "Networks",
        "generator and discriminator; default: by --gan, dcgan for standard",
        registry=ARCHITECTURES,
    )
    latent_dim: int = option(100, "Networks", "length of the latent vector", low=1, high=4096)
    prior: str = option("normal", "Networks", "where latents come from", registry=PRIORS)
    width: int | None = _of_architectures(
        "width", "units of the narrowest hidden layer", low=1, high=4096
    )
    generator_norm: str | None = _of_architectures(
        "generator_norm", "normalization in the generator", choices=_NORMS
    )
    discriminator_norm: str | None = _of_architectures(
        "discriminator_norm", "normalization in the discriminator", choices=_NORMS
    )
    spectral_norm: str | None = _of_architectures(
        "spectral_norm",
        "whose layers are divided by their spectral norms",
        choices=("none", "discriminator", "generator", "both"),
    )
    upsampling: str | None = _of_architectures(
        "upsampling",
        "how the generator doubles feature maps",
        choices=("transposed", "pixel_shuffle", "nearest", "bilinear"),
    )
    downsampling: str | None = _of_architectures(
        "downsampling",
        "how the discriminator halves feature maps",
        choices=("strided", "average_pool", "max_pool"),
    )
    generator_activation: str | None = _of_architectures(
        "generator_activation", "between the generator's layers", choices=_ACTIVATIONS
    )
    discriminator_activation: str | None = _of_architectures(
        "discriminator_activation", "between the discriminator's layers", choices=_ACTIVATIONS
    )
    minibatch_stddev: int | None = _of_architectures(
        "minibatch_stddev",
        "images in the groups whose variation the discriminator is told; 0: it is not",
        low=0,
        high=65536,
    )
    conditional: str | None = option(
        None,
        "Networks",
        "how the networks are told the labels; default: not at all",
        registry=CONDITIONINGS,
    )
    sync_batch_norm: bool = option(
        False,
        "Networks",
        "batch normalization by the statistics of the whole batch where --strategy divides it",
    )
    packing: int = option(
        1,
        "Networks",
        "how many images the discriminator judges at once; without --conditional only",
        low=1,
        high=16,
    )

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

    evaluate_every: str | None = option(
        None,
        "Evaluation",
        "time between scores: 2epochs, 500steps; default: the run is not scored",
        free=True,
    )
    metric: tuple = option(
        (),
        "Evaluation",
        "what to score by; the first decides which checkpoint is best; default: fid",
        registry=METRICS,
        free=True,
    )
    features: str | None = option(
        None,
        "Evaluation",
        "what the metrics see of an image; default: by --dataset",
        registry=FEATURES,
        free=True,
    )
    inception_weights: str | None = option(
        None,
        "Evaluation",
        "file of Keras's InceptionV3 weights, for the features inception and inception_clean",
        path=True,
        free=True,
    )
    stop_when_no_better: int | None = option(
        None,
        "Evaluation",
        "end the run when the score has not become better so many times in a row",
        low=1,
        free=True,
    )

    run_dir: str | None = option(
        None,
        "Output",
        "the run's folder; default: runs/{dataset}-{arch}-{loss}, or runs/{dataset}-{gan}-{arch}",
        path=True,
        free=True,
    )
    sample_every: str = option(
        "1epoch", "Output", "time between image snapshots: 2epochs, 500steps", free=True
    )
    checkpoint_every: str = option(
        "1epoch", "Output", "time between checkpoints: 2epochs, 500steps", free=True
    )
    log_every: str = option(
        "50steps", "Output", "time between logged values, an epoch at most", free=True
    )
    max_minutes: int | None = option(
        None,
        "Output",
        "save, say how to go on, and end with exit status 0 after so many minutes",
        low=1,
        high=1_000_000,
        free=True,
    )
    keep: int = option(3, "Output", "checkpoints to keep", low=1, free=True)

    def __post_init__(self):
        """Fills in the architecture and the loss that the kind of GAN has by default."""
        with contextlib.suppress(UserError):  # of a kind that there is not; `resolve` says so
            defaults = GANS.entry(self.gan).attributes
            for name in ("arch", "loss"):
                if getattr(self, name) is None:
                    object.__setattr__(self, name, defaults[f"default_{name}"])

    def resolve(self):
        """Checks every field and fills in those that depend on others.

        Returns:
            A `Config` without a None where a value is needed.

        Raises:
            UserError: with one sentence about the first field that is wrong.
        """
        check(self)
        for name in ("sample_every", "checkpoint_every", "log_every", "evaluate_every"):
            if getattr(self, name) is not None:
                interval(getattr(self, name), 1, name)
        if not self.dataset.strip().isidentifier():
            raise UserError(
                f"--dataset={self.dataset}: a data set's options are flags of their own."
            )
        compatibility.check(self)
        attributes = DATASETS.entry(self.dataset).attributes
        image_size = self.image_size or attributes.get("default_image_size")
        if image_size:
            compatibility.check_size(ARCHITECTURES.entry(self.arch), image_size)
        published = [PENALTIES.entry(each).attributes["optimizer"] for each in self.penalty]
        optimizer = next(filter(None, published), _ADAM)
        kind = GANS.entry(self.gan).name
        parts = (self.arch, self.loss) if kind == "standard" else (kind, self.arch)
        names = (re.split(r"\W", spec)[0] for spec in (self.dataset, *parts))
        run_dir = self.run_dir or "runs/" + "-".join(names)
        return dataclasses.replace(
            self,
            image_size=image_size,
            run_dir=run_dir,
            generator_optimizer=self.generator_optimizer or optimizer,
            discriminator_optimizer=self.discriminator_optimizer or optimizer,
        )

    def feature_spec(self):
        """Returns the spec of the feature extractor: --features, or what suits the data set."""
        own = DATASETS.entry(self.dataset).attributes.get("features")
        return (
            self.features
            or own
            or MODALITIES.entry(self.modality_name).attributes["default_features"]
        )

    def modality(self):
        """Returns the modality of the data set's samples (see `gan_tf.modalities`)."""
        return MODALITIES.build(self.modality_name)

    @property
    def modality_name(self):
        """The name of that modality."""
        return DATASETS.entry(self.dataset).attributes.get("modality", "image")

    def to_flags(self):
        """Returns the lines of a flagfile that repeats this run.

        Elsewhere: without --run_dir; maybe on other devices: without --strategy.
        """
        lines = []
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            for each in value if isinstance(value, tuple) else (value,):
                if each is not None and field.name not in ("run_dir", "strategy"):
                    lines.append(
                        f"--{field.name}={str(each).lower() if field.type is bool else each}"
                    )
        return lines

    def hyperparameters(self):
        """Returns {name: value} of the options that bear on what is learnt, where they are set."""
        values = {
            field.name: getattr(self, field.name)
            for field in dataclasses.fields(self)
            if field.metadata["group"] == "Training" or not field.metadata["free"]
        }
        return {
            name: " ".join(value) if isinstance(value, tuple) else value
            for name, value in values.items()
            if value is not None
        }

    def conflicts(self, other):
        """Returns [(name, mine, its)] of the fields that a run cannot change while it goes on."""
        found = []
        for field in dataclasses.fields(self):
            mine, its = getattr(self, field.name), getattr(other, field.name)
            meanings = self._meaning(field), other._meaning(field)
            if not field.metadata["free"] and meanings[0] != meanings[1]:
                found.append((field.name, mine, its))
        return found

    def _meaning(self, field):
        """What a field stands for, however it is written: "adam" is "adam(learning_rate=2e-4)"."""
        value = getattr(self, field.name)
        if value is None:  # the default of the data set or architecture that takes it
            entries = DATASETS.entry(self.dataset), ARCHITECTURES.entry(self.arch)
            arguments = [each for entry in entries for each in entry.arguments]
            return next((each.default for each in arguments if each.name == field.name), None)
        registry = field.metadata["registry"]
        if registry and isinstance(value, tuple):
            return [registry.meaning(each) for each in value]
        if registry:
            return registry.meaning(value)
        return os.path.realpath(value) if field.metadata["path"] else value
