"""Videos generated from latents: samples that play, interpolations, content and motion."""

from gan_tf.explorer.pages.played import Played
from gan_tf.modalities.image import animation, png
from gan_tf.modalities.video import strip
from gan_tf.registry import ARCHITECTURES, PAGES


@PAGES.register("videos")
class Videos(Played):
    """Videos from latents: samples by seed, frames, interpolations, content and motion."""

    modalities = ("video",)
    template = "videos.html"
    played = "video.webp"
    mimetype = "image/webp"

    def facts(self):
        moves = ARCHITECTURES.entry(self.trained.config.arch).attributes["moves"]
        return super().facts() | {"moving": moves, "snapshots": "gif"}

    def encoded(self, sample, note):
        """Returns a video as WebP, exactly, and its frames side by side as PNG."""
        duration = self.trained.modality.duration
        return animation(sample, "WEBP", duration, note, lossless=True), png(strip(sample), note)
