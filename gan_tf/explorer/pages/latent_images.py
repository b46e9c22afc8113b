"""Images generated from latents: samples, directions, interpolations."""

import flask

from gan_tf.explorer.pages.page import Page
from gan_tf.explorer.painter import Painter
from gan_tf.explorer.request import parse_request
from gan_tf.explorer.style_painter import StylePainter
from gan_tf.options.style_based import has_styles
from gan_tf.registry import PAGES
from gan_tf.runs.style_space import layer_ranges


@PAGES.register("latent_images")
class LatentImages(Page):
    """Images from latents: samples by seed, directions, interpolations; of styles, where there are."""

    source = "latent"
    modalities = ("image",)
    template = "latent_images.html"

    def __init__(self, trained):
        super().__init__(trained)
        styled = has_styles(trained.config)
        self._painter = StylePainter(trained) if styled else Painter(trained)
        self._layers = self._painter.space.rows if styled else 0

    def facts(self):
        height, width, _ = self.trained.sample_shape
        labels = list(self.trained.label_names) if self.trained.conditional else []
        styles = layer_ranges(self._layers) if self._layers else None
        return {"width": width, "height": height, "labels": labels, "styles": styles}

    def serve(self, application):
        """Adds generated images, and the number of directions."""
        painter = self._painter
        classes = len(self.facts()["labels"])

        @application.get("/api/directions")
        def axes():
            return flask.jsonify(count=len(painter.directions))

        @application.get("/image.png")
        def image():
            arguments = list(flask.request.args.items(multi=True))
            download = ("download", "1") in arguments
            arguments = [each for each in arguments if each != ("download", "1")]
            moves = any(name == "move" for name, _ in arguments)
            found = len(painter.directions) if moves else 0
            request = parse_request(arguments, classes, found, self._layers)
            response = flask.Response(painter.encoded(request), mimetype="image/png")
            if download:
                file = self.file_name(f"-seed{request.seed}.png")
                response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
            return response
