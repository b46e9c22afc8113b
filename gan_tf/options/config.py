"""The configuration: every option of a training run, in one place.

Each field is a flag: its name, type and default are the flag's; its metadata hold the
help, the range and the group. To add an option, add a field to one of the classes that
`Config` inherits from.
"""

import contextlib
import dataclasses
import os
import re

from gan_tf.errors import UserError
from gan_tf.options import compatibility
from gan_tf.options.data import DataOptions
from gan_tf.options.evaluation import EvaluationOptions
from gan_tf.options.interval import interval
from gan_tf.options.modality import built
from gan_tf.options.networks import NetworkOptions
from gan_tf.options.option import check, check_text, is_path
from gan_tf.options.output import OutputOptions
from gan_tf.options.training import ADAM, TrainingOptions
from gan_tf.options.tricks import check_optimizers
from gan_tf.registry import (
    ARCHITECTURES,
    DATASETS,
    GANS,
    MODALITIES,
    PENALTIES,
    REPRESENTATIONS,
)


@dataclasses.dataclass(frozen=True)
class Config(OutputOptions, EvaluationOptions, TrainingOptions, NetworkOptions, DataOptions):
    """A training run. `resolve` checks it and fills in what depends on other options.

    Each field is documented by its help text. Fields of the last base class come first.
    """

    common = (
        "dataset image_dir image_size flip conditional gan arch loss penalty trick batch_size epochs "
        "evaluate_every max_minutes run_dir preset dry_run"
    )
    takes_presets = True

    def __post_init__(self):
        """Fills in the default networks, losses and reward of the kind of GAN.

        Where its architecture is not for these samples, the modality's takes its place.
        """
        with contextlib.suppress(UserError):  # an unknown kind, which `resolve` reports
            defaults = GANS.entry(self.gan).attributes
            for name in (
                "arch",
                "loss",
                "discriminator",
                "content_loss",
                "reward",
                "conditional",
            ):
                if getattr(self, name) in (None, ()):
                    object.__setattr__(self, name, defaults[f"default_{name}"])
                    if name == "arch":
                        self._suit_arch()

    def _suit_arch(self):
        modality = self.network_modality
        made = ARCHITECTURES.entry(self.arch).attributes["modalities"]
        own = MODALITIES.entry(modality).attributes["default_arch"]
        if made and modality not in made and own:
            object.__setattr__(self, "arch", own)

    def resolve(self):
        """Checks every field and fills in those that depend on others.

        Returns:
            A `Config` without a None where a value is needed.

        Raises:
            UserError: one sentence about the first invalid field.
        """
        check(self)
        self._check_paths_in_flags()
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
        if self.representation:
            compatibility.check_representation(self)
        published = [PENALTIES.entry(each).attributes["optimizer"] for each in self.penalty]
        published.append(ARCHITECTURES.entry(self.arch).attributes["optimizer"])
        optimizer = next(filter(None, published), None)
        kind = GANS.entry(self.gan).name
        parts = (self.arch, self.loss) if kind == "standard" else (kind, self.arch)
        defaults = GANS.entry(self.gan).attributes["default_optimizers"]
        names = (re.split(r"\W", spec)[0] for spec in (self.dataset, *parts))
        run_dir = self.run_dir or "runs/" + "-".join(names)
        resolved = dataclasses.replace(
            self,
            image_size=image_size,
            run_dir=run_dir,
            **{
                f"{role}_optimizer": getattr(self, f"{role}_optimizer")
                or optimizer
                or defaults.get(role, ADAM)
                for role in ("generator", "discriminator")
            },
            pretraining_optimizer=self.pretraining_optimizer or defaults.get("pretraining"),
        )
        check_optimizers(resolved)
        return resolved

    def _check_paths_in_flags(self):
        """Raises a `UserError` for a path that a line of flags.txt cannot hold."""
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            for each in value if isinstance(value, tuple) else (value,):
                if not each or field.name == "run_dir" or not is_path(field, each):
                    continue
                check_text(field.name, os.path.abspath(each))
                if each != each.strip():
                    raise UserError(
                        f"--{field.name}={each!r} begins or ends with a space: rename it."
                    )

    def feature_spec(self):
        """Returns the spec of the feature extractor: --features, or the data set's default.

        Of two data sets it is that of domain B, and its classifier if it has one.
        """
        attributes = DATASETS.entry(self.to_dataset or self.dataset).attributes
        own = self.to_dataset and attributes.get("classifier")
        own = own or attributes.get("features")
        return (
            self.features
            or own
            or MODALITIES.entry(self.modality_name).attributes["default_features"]
        )

    def reversed(self):
        """Returns the same with the data sets of domains A and B exchanged, if these are two."""
        if not self.to_dataset:
            return self
        return dataclasses.replace(self, dataset=self.to_dataset, to_dataset=self.dataset)

    def modality(self, traits=None):
        """Returns the modality of the data set's samples (see `gan_tf.modalities`).

        Args:
            traits: of the data (see `gan_tf.data.source`); None: not needed.
        """
        return built(self.modality_name, traits)

    @property
    def network_modality(self):
        """The name of the modality that networks must be for: of samples, or of their representation."""
        if not self.representation:
            return self.modality_name
        return REPRESENTATIONS.entry(self.representation).attributes["seen_as"]

    @property
    def modality_name(self):
        """The name of that modality."""
        return DATASETS.entry(self.dataset).attributes.get("modality", "image")

    def to_flags(self):
        """Returns the lines of a flagfile that repeats this run, in any place on any devices.

        So --run_dir and --strategy are left out, and paths are absolute.
        """
        lines = []
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            for each in value if isinstance(value, tuple) else (value,):
                if each is not None and field.name not in ("run_dir", "strategy"):
                    text = os.path.abspath(each) if is_path(field, each) else str(each)
                    lines.append(f"--{field.name}={text.lower() if field.type is bool else text}")
        return lines

    def hyperparameters(self):
        """Returns {name: value} of the options that affect training, if they are set."""
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
        """Returns [(name, mine, its)] of the fields that differ and that a resumed run must keep."""
        found = []
        for field in dataclasses.fields(self):
            mine, its = getattr(self, field.name), getattr(other, field.name)
            meanings = self._meaning(field), other._meaning(field)
            if not field.metadata["free"] and meanings[0] != meanings[1]:
                found.append((field.name, mine, its))
        return found

    def _meaning(self, field):
        """A field's value in canonical form: "adam" equals "adam(learning_rate=2e-4)"."""
        value = getattr(self, field.name)
        if value is None:  # the default of the data set or architecture that takes it
            entries = DATASETS.entry(self.dataset), ARCHITECTURES.entry(self.arch)
            arguments = [each for entry in entries for each in entry.arguments]
            return next((each.default for each in arguments if each.name == field.name), None)
        registry = field.metadata["registry"]
        if registry and isinstance(value, tuple):
            return [registry.canonical(each) for each in value]
        if registry:
            return registry.canonical(value)
        if isinstance(value, tuple):
            return [os.path.realpath(each) if is_path(field, each) else each for each in value]
        return os.path.realpath(value) if is_path(field, value) else value
