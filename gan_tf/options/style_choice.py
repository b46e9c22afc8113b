"""Which styles a translation is made in, and a text that is written in them."""

import dataclasses

from gan_tf.errors import UserError
from gan_tf.options.option import option
from gan_tf.registry import DATASETS


@dataclasses.dataclass(frozen=True)
class StyleChoice:
    """The styles of a run on fonts, for a command with `images`, `dataset` and `TranslationOutput`."""

    text: str | None = option(
        None,
        "What",
        "write a text, of a run on fonts: in one style, or in all of them, each in a row",
    )
    label: str | None = option(
        None,
        "What",
        "the style that a conditional run translates to, by name or index; needed with --images",
    )
    interpolate: str | None = option(
        None,
        "What",
        "write --text in styles between two, in nine rows, such as --interpolate=SansMono,Serif",
    )

    def check_styles(self, config):
        """Raises a `UserError` for a text or a style that a run of a `Config` cannot write."""
        writing = "--format=ttf" if self.format == "ttf" else self.text and f"--text={self.text}"
        if writing and not DATASETS.entry(config.dataset).attributes.get("draws_text", False):
            raise UserError(
                f"{writing} is for runs on fonts, and this one was trained on '{config.dataset}': give "
                "--images or --dataset."
            )
        if self.interpolate and self.format == "ttf":
            raise UserError(
                f"--format=ttf writes single styles: leave out --interpolate={self.interpolate}."
            )
        for name in ("label", "interpolate"):
            value = getattr(self, name)
            if value and (self.dataset or not config.conditional):
                why = "has labels" if config.conditional else "takes no labels (see --gan=zi2zi)"
                raise UserError(
                    f"--{name}={value} has no effect, because the run {why}: leave it out."
                )
        if self.images and config.conditional and not self.label:
            raise UserError("The run translates to several styles: choose one with --label=...")
        if self.interpolate and (self.label or not self.text):
            raise UserError(
                f"--interpolate={self.interpolate} is for --text, without --label: give these alone."
            )
