"""Images translated into others: drawn, given or held-out sources, and what becomes of them."""

import functools
import io
import re
import threading

import flask
import werkzeug.exceptions

from gan_tf.data import given_images
from gan_tf.data.derived_pairs import degraded
from gan_tf.errors import UserError
from gan_tf.explorer.pages.page import Page
from gan_tf.explorer.palette import palette
from gan_tf.explorer.pictures import has_picture, open_picture, send_picture, send_png
from gan_tf.explorer.request import BadRequestError
from gan_tf.modalities.image import png, shrunk
from gan_tf.registry import DEGRADATIONS, PAGES
from gan_tf.runs import directions, kept_examples
from gan_tf.sampling.formats.format import note
from gan_tf.sampling.image_translator import ImageTranslator

_BINARY = "application/octet-stream"
_MOST_PIXELS = 1 << 20  # of an output, and of an image that is degraded
_MOST_SIDE = 4096  # pixels; what is translated is extended to a multiple of a power of 2


@PAGES.register("translated_images")
class TranslatedImages(Page):
    """Images from images: draw or give a source, and compare it with its output."""

    source = "example"
    modalities = ("image",)
    takes_labels = False
    template = "translated_images.html"
    max_body = 1 << 23
    policy = "img-src 'self' blob:"

    def __init__(self, trained):
        super().__init__(trained)
        back = directions.inverse(trained)
        self._translators = [_translator(each) for each in (trained, back) if each]
        self._scale = trained.sample_shape[0] // trained.source_shape[0]
        self._model = threading.Lock()
        self._degradation = self._of_pairs()

    def facts(self):
        height, width, _ = self.trained.sample_shape
        rows, columns, channels = self.trained.source_shape
        paper, pens = self._palette
        return {
            "width": width,
            "height": height,
            "source": {"width": columns, "height": rows, "channels": channels},
            "scale": self._scale,
            "both_ways": len(self._translators) > 1,
            "most": {"pixels": _MOST_PIXELS, "side": _MOST_SIDE, "bytes": self.max_body},
            "degradation": self._degradation and self.trained.config.pair_by,
            "examples": self._examples,
            "paper": _hexadecimal(paper),
            "pens": [_hexadecimal(each) for each in pens],
        }

    def serve(self, application):
        """Adds examples, and the requests that send a picture."""

        @application.get("/examples/<any(source, target):part>-<string(maxlength=2):index>.png")
        def example(part, index):
            known = re.fullmatch("[0-9]+", index) and int(index) in self._examples
            return send_picture(
                self.trained.run, kept_examples.name(part, int(index)) if known else ""
            )

        @application.post("/source.png")
        def source():
            """The picture as the generator sees it.

            `?shrink=1`: not larger than in training; `?degrade=1`: as training makes sources.
            """
            chosen = _switches("shrink", "degrade")
            if "degrade" in chosen and not self._degradation:
                raise BadRequestError("This run is trained on given pairs: degrade has no effect.")
            return send_png(png(self._source("shrink" in chosen, "degrade" in chosen)))

        @application.post("/output.png")
        def output():
            """The output for a picture; `?back=1`: that of the other direction, if there is one."""
            back = "back" in _switches("back")
            if back and len(self._translators) < 2:
                raise BadRequestError("This run translates one way: back has no effect.")
            source = self._source()
            with self._model:
                made = self._translators[back](source)
            facts = {"run": self.name, "step": self.trained.step}
            return send_png(png(made, note(self.trained.modality, self.name, facts)))

    @functools.cached_property
    def _examples(self):
        """The indices of the examples that the run keeps."""
        names = (
            [kept_examples.name(part, index) for part in kept_examples.PARTS]
            for index in range(kept_examples.COUNT)
        )
        return [
            index
            for index, pair in enumerate(names)
            if all(has_picture(self.trained.run, each) for each in pair)
        ]

    @functools.cached_property
    def _palette(self):
        found = []
        for index in self._examples:
            file = open_picture(self.trained.run, kept_examples.name("source", index))
            try:
                with file:
                    found.append(given_images.opaque(file, 3, _MOST_PIXELS, _MOST_SIDE))
            except (OSError, ValueError):  # damaged
                continue
        return palette(found)

    def _of_pairs(self):
        """The degradation that makes sources of targets; None where sources are given."""
        try:
            spec = self.trained.config.pair_by
            return spec and DEGRADATIONS.build(spec)
        except UserError:  # the file of its mask is no longer there
            return None

    def _source(self, shrink=False, degrade=False):
        """The source that the request's picture is, or is made into."""
        shape = self.trained.sample_shape if degrade else self.trained.source_shape
        most = _MOST_PIXELS if degrade else _MOST_PIXELS // self._scale**2
        pixels = _picture(shape[-1], most)
        if shrink:
            pixels = shrunk(pixels, min(shape[:2]))
        try:
            if degrade:
                return degraded(pixels, self._degradation, self.trained.modality)[0]
        except ValueError as error:
            raise BadRequestError(f"This picture cannot be degraded: {error}.") from error
        return pixels


def _translator(trained):
    network, multiple, scale = trained.translator()
    return ImageTranslator(network, trained.modality, multiple, scale)


def _picture(channels, most_pixels):
    """The picture in the body of the request, uint8 (h, w, channels)."""
    if flask.request.mimetype != _BINARY:  # which no other page can send from a browser
        raise BadRequestError(f"Send the picture as {_BINARY}.")
    try:
        body = io.BytesIO(flask.request.get_data(cache=False))
    except werkzeug.exceptions.RequestEntityTooLarge:
        flask.abort(413, f"A picture may have {TranslatedImages.max_body >> 20} MB.")
    try:
        return given_images.opaque(body, channels, most_pixels, _MOST_SIDE)
    except (OSError, ValueError) as error:
        raise BadRequestError(f"This file cannot be used: {str(error).rstrip('.')}.") from error


def _switches(*names):
    """The parameters of the request that are 1, of some that can be 0 or 1."""
    given = list(flask.request.args.items(multi=True))
    if not set(given) <= {(name, value) for name in names for value in "01"}:
        raise BadRequestError(f"The parameters are {' and '.join(names) or 'none'}: 0 or 1.")
    return {name for name, value in given if value == "1"}


def _hexadecimal(color):
    return "#" + bytes(color).hex()
