"""What all formats have in common: nothing half-written, little memory, notes that can be left out."""

import gc

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.registry import FORMATS
from gan_tf.sampling.formats.format import Generated
from tests.sampling.formats.example import PIXELS, batches, job, written


def test_made_is_cut_and_joined():
    whole = Generated.concatenate(list(batches()))
    np.testing.assert_array_equal(whole.samples, PIXELS)
    assert whole[2:4].columns["number"].tolist() == [2, 3]
    assert whole[whole.columns["run"] == 1].columns["number"].tolist() == [1, 3, 5]


@pytest.mark.parametrize("spec", ["png", "jpeg", "webp", "grid", "npz", "gif", "animated_webp"])
def test_nothing_is_said_where_nothing_should_be(spec, tmp_path):
    form = FORMATS.build(spec)
    written(spec, tmp_path if form.folder else tmp_path / "x", facts=None)
    for file in tmp_path.iterdir():
        assert b"gan_tf" not in file.read_bytes()


@pytest.mark.parametrize("spec, count", [("grid", 1_000_000), ("strip", 1_000_000), ("gif", 5_000)])
def test_what_does_not_fit_into_memory_is_refused(spec, count):
    FORMATS.build(spec).check(job(1000))
    with pytest.raises(UserError, match="give"):
        FORMATS.build(spec).check(job(count))


@pytest.mark.parametrize("spec", ["jpeg(0)", "webp(101)", "gif(fps=0)", "mp4(fps=100)", "gird"])
def test_senseless_specs_are_refused(spec):
    with pytest.raises(UserError):
        FORMATS.build(spec)


@pytest.mark.parametrize("spec", ["grid", "npz", "tfrecord", "animated_webp", "mp4"])
def test_nothing_is_left_where_making_the_images_fails(spec, tmp_path):
    def failing():
        yield from list(batches())[:1]
        raise UserError("no more")

    if spec == "mp4":
        pytest.importorskip("imageio_ffmpeg")
    with pytest.raises(UserError, match="no more"):
        written(spec, tmp_path / "x", failing())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("spec", ["npz", "tfrecord", "jpeg"])
def test_memory_does_not_grow_with_the_number(spec, tmp_path):
    """20 batches of 1 MB, of which no more than a few may be there at once."""
    import tracemalloc

    shape, count = (64, 64, 3), 1600

    def stream():
        for start in range(0, count, 80):
            number = np.arange(start, start + 80)
            yield Generated(np.zeros((80, *shape), np.uint8), {"number": number})

    thresholds = gc.get_threshold()
    gc.set_threshold(
        700, 10, 10
    )  # Python's own: tests collect cycles, of which images are part, later
    tracemalloc.start()
    written(
        spec,
        tmp_path if spec == "jpeg" else tmp_path / "x",
        stream(),
        count=count,
        shape=shape,
        runs=(),
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    gc.set_threshold(*thresholds)
    assert peak < 6e6
