"""Moving pictures."""

import pytest
from PIL import Image

from gan_tf.errors import UserError
from gan_tf.registry import FORMATS
from tests.sampling.formats.example import job, written


@pytest.mark.parametrize("spec", ["gif(fps=10)", "animated_webp(fps=10)"])
def test_an_animation(spec, tmp_path):
    with Image.open(written(spec, tmp_path / "x")) as animation:
        assert (animation.n_frames, animation.size) == (7, (176, 132))  # 22 times as large
        animation.seek(1)
        animation.load()
        assert animation.info["duration"] == 100


def test_a_film(tmp_path):
    imageio = pytest.importorskip("imageio.v2")
    pytest.importorskip("imageio_ffmpeg")
    out = written("mp4(fps=10)", tmp_path / "folder" / "x.mp4")
    frames = list(imageio.get_reader(out, format="FFMPEG").iter_data())
    assert (len(frames), frames[0].shape) == (7, (132, 176, 3))
    assert [each.name for each in out.parent.iterdir()] == ["x.mp4"]


def test_a_film_without_its_library_is_one_sentence(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "imageio", None)
    with pytest.raises(UserError, match="pip install"):
        FORMATS.build("mp4").check(job())
