"""Formats of animations and videos: each image is a frame, and videos play together in a grid."""

import json
import pathlib
import tempfile

from gan_tf.errors import UserError, writing
from gan_tf.files.atomic_write import write
from gan_tf.files.plain_file import read_bytes
from gan_tf.modalities.image import animation
from gan_tf.registry import FORMATS
from gan_tf.sampling.formats.format import Format, OneFileEach
from gan_tf.sampling.formats.pictures import percent

_MAX_FRAMES = 2_000  # of an animation, all of which Pillow holds in memory
_MAX_HELD = 1 << 28  # values
_MOST_BYTES = 1 << 30  # of a film
_SMALL, _LARGE = 128, 4096  # pixels of a side


class _Animation(Format):
    """Base of the animations.

    Args:
        fps: frames per second, 1 to 60; default: those of the samples, of images 20.
    """

    modalities = ("image", "video")
    kind = None

    def __init__(self, fps=None, **options):
        self.fps = _checked(fps)
        self._options = options

    def check(self, job):
        film = _film(job)
        if film.frames > _MAX_FRAMES:
            raise UserError(
                f"An animation of {film.frames:,} frames would not fit in memory: give "
                f"{_MAX_FRAMES:,} at most, or --format=mp4."
            )
        _check_held(job)

    def frames(self, batches, job):
        """Yields the frames; small ones are enlarged to at least 128 pixels."""
        film = _film(job)
        factor = max(1, min(-(-_SMALL // film.height), _LARGE // film.width))
        samples = (batch.samples for batch in batches)
        for frame in job.modality.film(samples, job.count, job.columns):
            yield frame.repeat(factor, axis=0).repeat(factor, axis=1)

    def write(self, out, batches, job):
        self.check(job)
        frames = list(self.frames(batches, job))
        duration = round(1000 / (self.fps or job.modality.fps))
        write(out, animation(frames, self.kind, duration, job.note(), **self._options))


@FORMATS.register("gif")
class Gif(_Animation):
    """An animated GIF: gif(fps=20)."""

    suffix = ".gif"
    kind = "GIF"

    def __init__(self, fps: int | None = None):
        super().__init__(fps)


@FORMATS.register("animated_webp")
class AnimatedWebP(_Animation):
    """An animated WebP, smaller than a GIF and in full color: animated_webp(fps=20, quality=80).

    Args:
        fps: frames per second; default: the data's.
        quality: in percent, from 1 to 100, default 80.
    """

    suffix = ".webp"
    kind = "WEBP"

    def __init__(self, fps: int | None = None, quality: int = 80):
        super().__init__(fps, quality=percent("animated_webp", quality))


@FORMATS.register("mp4")
class Mp4(_Animation):
    """A video, H.264: mp4(fps=20); needs pip install 'imageio[ffmpeg]'."""

    suffix = ".mp4"

    def __init__(self, fps: int | None = None):
        super().__init__(fps)

    def check(self, job):
        _check_held(job)
        _imageio("--format=mp4")

    def write(self, out, batches, job):
        with writing(out):
            out.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".writing-", dir=out.parent) as folder:
                video = pathlib.Path(folder) / "video.mp4"
                fps = self.fps or job.modality.fps
                _write_mp4(video, self.frames(batches, job), fps, job.note())
                video.rename(out)


@FORMATS.register("clips")
class Clips(OneFileEach):
    """One GIF, WebP or MP4 file each, in a folder, as large as they are: clips(kind='gif').

    Args:
        kind: "gif" (default), "webp", which is lossless, or "mp4".
        fps: as for `_Animation`.
    """

    modalities = ("video",)
    suffix = ".gif"

    def __init__(self, kind: str = "gif", fps: int | None = None):
        if kind not in ("gif", "webp", "mp4"):
            raise UserError(f"clips(kind={kind!r}): choose one of gif, webp, mp4.")
        self.fps, self._kind = _checked(fps), kind
        self.suffix = f".{kind}"

    def check(self, job):
        if self._kind == "mp4":
            _imageio(f"--format=\"clips(kind='{self._kind}')\"")

    def encode(self, sample, note, modality):
        fps = self.fps or modality.fps
        if self._kind == "mp4":
            with tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / "video.mp4"
                _write_mp4(path, sample, fps, note)
                return read_bytes(path, _MOST_BYTES)
        lossless = {"lossless": True} if self._kind == "webp" else {}
        return animation(sample, self._kind.upper(), round(1000 / fps), note, **lossless)


def _checked(fps):
    if fps is not None and not (isinstance(fps, int) and 1 <= fps <= 60):
        raise UserError(f"fps={fps}: give 1 to 60 frames per second.")
    return fps


def _film(job):
    return job.modality.film_size(job.count, job.shape, job.columns)


def _check_held(job):
    if _film(job).held > _MAX_HELD:
        raise UserError(
            f"{job.count:,} {job.modality.plural} that play together would not fit in memory: give fewer, "
            "or --format=npz or clips."
        )


def _write_mp4(path, frames, fps, note):
    """Writes frames, uint8 (height, width, 1 or 3), to a file."""
    comment = ["-metadata", f"comment={json.dumps(note)}"] if note else []
    # Sizes must be even, and players support only 4:2:0.
    with _imageio("MP4").get_writer(
        path, format="FFMPEG", fps=fps, macro_block_size=2, output_params=comment
    ) as writer:
        for frame in frames:
            writer.append_data(frame[..., 0] if frame.shape[-1] == 1 else frame)


def _imageio(what):
    try:
        import imageio.v2
        import imageio_ffmpeg  # noqa: F401 (imageio needs it)
    except ImportError as error:
        raise UserError(
            f"{what} needs a library that is not installed: pip install 'imageio[ffmpeg]', or "
            "choose --format=animated_webp."
        ) from error
    return imageio.v2
