"""Generators that translate images."""

import numpy as np
import tensorflow as tf

from gan_tf.data.examples import LABEL, SOURCE, collect
from gan_tf.errors import UserError
from gan_tf.exporters.exported import Exported, Input
from gan_tf.gans.example_sampling import beside
from gan_tf.modalities.image import png
from gan_tf.registry import DEGRADATIONS
from gan_tf.runs import directions

CHECKED = 8  # images compared
_SHOWN = 16  # pairs on the card
_COLUMNS = 6  # two pairs per row
_COLORS = {1: "grayscale", 3: "RGB"}


class FromImages(Exported):
    """The generator of a translation: sources, images of any size or of that of training -> outputs."""

    takes = "images"
    baselines = ("other targets", "sources")

    def build(self, any_size):
        trained, what = self.trained, self.trained.modality.plural
        self._any_size = any_size
        self.network, self._multiple, self._scale = trained.translator(
            policy="float32", any_size=any_size, mixed=False
        )
        height, width, channels = trained.source_shape
        *size, made = trained.sample_shape
        if any_size:
            height, width = "h", "w"
            size = [f"{self._scale} {side}" if self._scale > 1 else side for side in "hw"]
        self.inputs = (Input("source", "float32", (height, width, channels), ", from -1 to 1"),)
        if trained.conditional:
            self.takes = "images and labels"
            most = len(trained.label_names) - 1
            self.inputs += (Input("label", "int32", (), f", from 0 to {most}, the output's class"),)
        self.shape, self.title = (*size, made), f"a translator of {what}"
        shown = ("images", "what the other direction restores of that")
        shown = shown if trained.direction else ("pairs", "the target")
        self.caption = (
            f"Above are {shown[0]} that were held out from training, if the data have such, not chosen: "
            f"the source, what the network makes of it, and {shown[1]}. Each output is generated, "
            f"{trained.modality.disclaimer}."
        )
        self.notes = tuple(self._notes(channels, made))

    def _notes(self, channels, made):
        trained, config = self.trained, self.trained.config
        height, width = trained.source_shape[:2]
        if trained.direction:
            source, target = trained.direction.upper().split("_TO_")
            yield f"It translates images of domain {source} to domain {target} (`--direction`)."
        yield f"A source is {_COLORS[channels]}, from -1 (black) to 1 (white)."
        if config.pair_by:
            entry = DEGRADATIONS.entry(config.pair_by)
            yield f"The sources of training were made of their targets. `{entry.name}`: {entry.summary}"
        if not self._any_size:
            yield f"It takes images of {width}x{height} pixels only."
        elif self._multiple > 1:
            yield (
                f"It takes images of any size, best with sides that are multiples of {self._multiple}, as "
                f"in training ({width}x{height}): extend others by reflection, and cut their outputs back."
            )
        else:
            yield f"It takes images of any size; those of training had {width}x{height} pixels."
        larger = f", {self._scale} times larger than its source" if self._scale > 1 else ""
        yield f"An output is {_COLORS[made]}{larger}; clip float32 values that leave -1 to 1."
        if self.trained.kind.options.get("color") == "lab":
            yield (
                "The network makes a and b of CIE Lab and takes the lightness of its source; the file "
                "holds the conversion, so that outputs are sRGB."
            )
        yield "Dropout is off: a source always gives the same output."

    def example(self):
        height, width, channels = self.trained.source_shape
        lines = [
            "random = np.random.default_rng(0)  # in place of images",
            f"source = np.float32(random.uniform(-1, 1, (2, {height}, {width}, {channels})))",
        ]
        return lines + ["label = np.int32([0, 0])"] * self.trained.conditional

    def cases(self):
        shapes = [(CHECKED, *self.trained.source_shape)]
        if self._any_size:
            height, width, channels = self.trained.source_shape
            shapes.append((1, height + self._multiple, 2 * width, channels))
        return [
            {"source": _pictures(shape)} | self._labels(np.arange(shape[0])) for shape in shapes
        ]

    def samples(self, arrays):
        return self.trained.modality.to_stored(self.trained.generate(*arrays.values()))

    def _labels(self, numbers):
        """{"label": int32 (n,)} of numbers, of a conditional run."""
        classes = len(self.trained.label_names)
        return {"label": np.int32(numbers % classes)} if self.trained.conditional else {}

    def picture(self):
        """Source, output, and target or cycle; None if the data are not found."""
        try:
            pairs, labels = self._pairs()
        except UserError:
            return None
        modality = self.trained.modality
        sources, targets = (modality.to_network(each) for each in pairs)
        made = np.clip(self.trained.generate(sources, *labels), -1, 1)
        if self.trained.direction:
            targets = directions.inverse(self.trained).generate(made)
        rows = np.stack([np.asarray(beside(sources, targets)), made, targets], axis=1)
        sheet = rows.reshape(-1, *targets.shape[1:])
        return png(modality.sheet(modality.to_stored(sheet), _COLUMNS))

    def _pairs(self):
        """Some sources and targets, of two domains sources twice; and their labels in a list, or none."""
        _, source = self.trained.source()
        source = source.source_domain if source.pairing == "unpaired" else source
        found = collect(source.held_out(), _SHOWN) or collect(source.batches(), _SHOWN)
        labels = [found[LABEL]] if self.trained.conditional else []
        return (found[SOURCE], found[source.sample]), labels


def _pictures(shape):
    """Smooth pictures and noise, by turns, in [-1, 1]: float32 of this shape, (n, h, w, C)."""
    noise = np.random.default_rng(0).uniform(-1, 1, shape).astype(np.float32)
    smooth = tf.image.resize(noise[:, :4, :4], shape[1:3], "bilinear")
    noise[::2] = smooth[::2]
    return noise
