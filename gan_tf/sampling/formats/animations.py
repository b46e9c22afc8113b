"""Formats of animations and videos: each image is a frame."""

import json
import pathlib
import tempfile

from gan_tf.errors import UserError, writing
from gan_tf.files.atomic_write import write
from gan_tf.modalities.image import animation
from gan_tf.registry import FORMATS
from gan_tf.sampling.formats.format import Format
from gan_tf.sampling.formats.pictures import percent

_MAX_FRAMES = 2_000  # of an animation, all of which Pillow holds in memory


class _Animation(Format):
    """Base of the animations.

    Args:
        fps: frames per second, 1 to 60.
    """

    modalities = ("image",)
    kind = None

    def __init__(self, fps, **options):
        if not 1 <= fps <= 60:
            raise UserError(f"fps={fps}: give 1 to 60 frames per second.")
        self.fps = fps
        self._options = options

    def check(self, job):
        if job.count > _MAX_FRAMES:
            raise UserError(
                f"An animation of {job.count:,} frames would not fit in memory: give "
                f"{_MAX_FRAMES:,} at most, or --format=mp4."
            )

    def frames(self, batches, job):
        """Yields the images; small ones are enlarged to at least 128 pixels."""
        factor = -(-128 // job.shape[0])
        for batch in batches:
            yield from batch.samples.repeat(factor, axis=1).repeat(factor, axis=2)

    def write(self, out, batches, job):
        self.check(job)
        frames = list(self.frames(batches, job))
        duration = round(1000 / self.fps)
        write(out, animation(frames, self.kind, duration, job.note(), **self._options))


@FORMATS.register("gif")
class Gif(_Animation):
    """An animated GIF: gif(fps=20)."""

    suffix = ".gif"
    kind = "GIF"

    def __init__(self, fps: int = 20):
        super().__init__(fps)


@FORMATS.register("animated_webp")
class AnimatedWebP(_Animation):
    """An animated WebP, smaller than a GIF and in full color: animated_webp(fps=20, quality=80)."""

    suffix = ".webp"
    kind = "WEBP"

    def __init__(self, fps: int = 20, quality: int = 80):
        super().__init__(fps, quality=percent("animated_webp", quality))


@FORMATS.register("mp4")
class Mp4(_Animation):
    """A video, H.264: mp4(fps=20); needs pip install 'imageio[ffmpeg]'."""

    suffix = ".mp4"

    def __init__(self, fps: int = 20):
        super().__init__(fps)

    def check(self, job):
        del job
        _imageio()

    def write(self, out, batches, job):
        note = job.note()
        comment = ["-metadata", f"comment={json.dumps(note)}"] if note else []
        with writing(out):
            out.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".writing-", dir=out.parent) as folder:
                video = pathlib.Path(folder) / "video.mp4"
                # Sizes must be even, and players support only 4:2:0.
                with _imageio().get_writer(
                    video, format="FFMPEG", fps=self.fps, macro_block_size=2, output_params=comment
                ) as writer:
                    for frame in self.frames(batches, job):
                        writer.append_data(frame[..., 0] if frame.shape[-1] == 1 else frame)
                video.rename(out)


def _imageio():
    try:
        import imageio.v2
        import imageio_ffmpeg  # noqa: F401 (imageio needs it)
    except ImportError as error:
        raise UserError(
            "--format=mp4 needs a library that is not installed: pip install 'imageio[ffmpeg]', or "
            "choose --format=animated_webp."
        ) from error
    return imageio.v2
