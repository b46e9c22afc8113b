"""Flags shared by the commands that search a latent space."""

import dataclasses

from gan_tf.errors import UserError
from gan_tf.options.compatibility import check_command
from gan_tf.options.data_location import DataLocation
from gan_tf.options.option import check, check_paths, option
from gan_tf.options.run_choice import RunChoice
from gan_tf.registry import GANS, OBJECTIVES, TASKS


@dataclasses.dataclass(frozen=True)
class SearchOptions(DataLocation, RunChoice):
    """What to work on and how to search; the help text of each field documents it."""

    headings = {"Data": "Data of the run, if they have moved"}

    modalities = ("image",)
    space = "z"  # that is searched

    images: str | None = option(
        None,
        "What",
        "a folder or zip archive of images, read and resized like the run's own, or an .npz file",
        path=True,
        reads="file or folder",
    )
    dataset: bool = option(
        False,
        "What",
        "use the run's data set instead: held-out images, if there are any",
    )
    num_images: int = option(32, "What", "the most images to use", low=1)
    label: str | None = option(
        None,
        "What",
        "the class of all images of a conditional run, by name or index; default: that of their "
        "sub-folders or of the data set, or else the class that fits best",
    )

    objective: tuple = option(
        (),
        "Search",
        "minimize this, with its weight; default: by command",
        registry=OBJECTIVES,
    )
    steps: int = option(300, "Search", "updates of each latent", low=1)
    starts: int = option(4, "Search", "random latents to start from, for each image", low=1)
    learning_rate: float = option(
        0.1, "Search", "learning rate of Adam; falls along a cosine", low=1e-6, high=10
    )
    seed: int = option(
        0, "Search", "seed of the starts, and of everything else random", low=0, high=2**31 - 1
    )
    batch_size: int = option(256, "Search", "latents computed at once", low=1, high=65536)

    out: str | None = option(
        None,
        "Output",
        "the folder to write; default: in the run's own",
        path=True,
        writes="directory",
    )

    def check(self):
        """Checks the values, without the run.

        Raises:
            UserError: one sentence about the first invalid one.
        """
        check(self)
        self.check_run_dir()
        if bool(self.images) == self.dataset:
            raise UserError(
                "Choose the images with either --images=FOLDER or --dataset (the run's own data)."
            )
        check_paths(self)

    def check_with_run(self, config, command):
        """Checks that the options go with the configuration of the run.

        Args:
            config: the run's `Config`.
            command: the name of the command.

        Raises:
            UserError: one sentence about the first that does not.
        """
        check_command(config, command, self.modalities)
        if getattr(self, "encoder_steps", None) and has_encoder(config):
            raise UserError(
                f"--encoder_steps={self.encoder_steps} would train an encoder, and the run in "
                f"'{self.run_dir}' has its own: leave it out."
            )
        self._check_objectives(config)

    def _check_objectives(self, config):
        names = [OBJECTIVES.entry(each).name for each in self.objective]
        for name in names:
            if names.count(name) > 1:
                raise UserError(
                    f"--objective={name} is given twice: give it once, with its weight."
                )
        for each in names:
            self.check_space(each, "objective")
        if "codes" in names:
            raise UserError(
                "--objective=codes compares an encoder's latents, not a search's: leave it out."
            )
        if "realism" in names and config.packing > 1:
            raise UserError(
                f"--objective=realism needs the logit of a single image, and the discriminator of "
                f"'{self.run_dir}' scores {config.packing} at once (--packing): leave it out."
            )

    def check_space(self, name, flag):
        """Raises a `UserError` for an objective, given by a flag, that is not for the space."""
        spaces = OBJECTIVES.entry(name).attributes["spaces"]
        if spaces and self.space not in spaces:
            raise UserError(
                f"--{flag}={name} is for --space={' or '.join(spaces)}, and this search is in "
                f"{self.space}: leave it out."
            )


SPACE = option(
    "z",
    "Search",
    "search latents (z), or, of a style-based generator, one style for all layers (w) or one for each "
    "(w_plus), from their mean on",
    choices=("z", "w", "w_plus"),
)
ENCODER_STEPS = option(
    None,
    "Search",
    "training steps of the encoder; default: those of the existing one, or 1500",
    low=1,
)


def has_encoder(config):
    """Returns whether the GAN of a `Config` has an encoder, without importing TensorFlow."""
    return bool(GANS.entry(config.gan).attributes["encoder_name"])


def with_method(options, config):
    """Returns the options of `gan_tf.restore` with the defaults of their method.

    Args:
        options: the `gan_tf.restore.Options`.
        config: the run's `Config`.

    Raises:
        UserError: when the method does not go with the task, the run or other options.
    """
    gibbs = options.method == "gibbs"
    if options.draws and not gibbs:
        raise UserError(f"--draws={options.draws} has no effect: give --method=gibbs too.")
    task = TASKS.entry(options.task)
    if options.method not in task.attributes["methods"]:
        raise UserError(
            f"--method={options.method} fills in missing pixels, and --task={task.name} has none: give "
            "--task=inpaint, or --method=search."
        )
    if gibbs and not has_encoder(config):
        raise UserError(
            f"--method=gibbs needs an encoder, and the run in '{options.run_dir}' has none: train with "
            "--gan=bigan, or give --method=search."
        )
    for name in ("objective", "space", "starts", "learning_rate"):
        value = getattr(options, name)
        if gibbs and value != getattr(type(options), name):
            text = value if name != "objective" else value[0]
            raise UserError(f"--{name}={text} has no effect on --method=gibbs: leave it out.")
    steps, draws = (30, 8) if gibbs else (300, 1)
    return dataclasses.replace(options, steps=options.steps or steps, draws=options.draws or draws)
