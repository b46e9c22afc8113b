"""Texts in the styles of a run on fonts: all of them, and between two."""

import threading

import flask

from gan_tf.errors import UserError
from gan_tf.explorer.pages.page import Page
from gan_tf.explorer.pictures import send_png
from gan_tf.explorer.request import MOST_CHARACTERS, parse_text
from gan_tf.modalities.image import png
from gan_tf.registry import PAGES
from gan_tf.sampling import written_text
from gan_tf.sampling.formats.format import note
from gan_tf.sampling.image_translator import ImageTranslator, mixture_of

_OPENING = "Hamburg"  # what the page begins with, where it is among the run's characters
_SAMPLED = 8  # characters that it begins with otherwise


@PAGES.register("written_texts")
class WrittenTexts(Page):
    """Characters in many styles: type a text, see it in all of them and between two."""

    source = "example"
    modalities = ("image",)
    writes = True
    template = "written_texts.html"

    def __init__(self, trained):
        super().__init__(trained)
        network, multiple, scale = trained.translator()
        self._translator = ImageTranslator(network, trained.modality, multiple, scale)
        _, self._data = trained.source()
        self._lock = threading.Lock()  # for the model, and for fonts, which FreeType draws

    def facts(self):
        height, width, _ = self.trained.sample_shape
        return {
            "width": width,
            "height": height,
            "styles": list(self.trained.label_names) if self.trained.conditional else [],
            "most": MOST_CHARACTERS,
            "text": self._opening(),
        }

    def serve(self, application):
        """Adds the request for the picture of a text."""
        styles = len(self.trained.label_names) if self.trained.conditional else 1

        @application.get("/text.png")
        def text():
            """A line: `style`, else the source font; `to` and `share`: part of the way to another."""
            request = parse_text(list(flask.request.args.items(multi=True)), styles)
            facts = {"run": self.name, "step": self.trained.step, "text": request.text}
            if request.style is None:
                return send_png(png(self.line(request)))
            return send_png(png(self.line(request), note(self.trained.modality, self.name, facts)))

    def line(self, request):
        """Returns the picture of a `TextRequest`, uint8 (size, width, channels).

        Raises:
            UserError: when the source font lacks a character, or there is none to draw.
        """
        with self._lock:
            made = self._data.sources(request.text)
            if request.style is not None:
                mixture = self._mixture(request)
                made = [self._translator(each, mixture) for each in made]
        return written_text.page(request.text, [made])

    def _mixture(self, request):
        if not self.trained.conditional:
            return None
        names = self.trained.label_names
        ends = [(names[request.style], 1 - request.share)]
        if request.to is not None:
            ends.append((names[request.to], request.share))
        return mixture_of(self.trained, *ends)

    def _opening(self):
        """A text that the source font has."""
        characters = self._data.characters
        if set(_OPENING) <= set(characters):
            return _OPENING
        found = []
        for each in characters[:: max(1, len(characters) // _SAMPLED)][:_SAMPLED]:
            try:
                self._data.sources(each)
            except UserError:  # the font lacks it
                continue
            found.append(each)
        return "".join(found)
