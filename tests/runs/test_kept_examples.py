"""The pairs that a run keeps."""

import io

import numpy as np
from PIL import Image

from gan_tf.data.examples import Examples
from gan_tf.modalities.image import Image as Images
from gan_tf.runs import kept_examples
from gan_tf.runs.run_dir import RunDir


def test_the_first_pairs_are_kept_as_they_are(tmp_path):
    random = np.random.default_rng(0)
    sources = random.integers(0, 256, (20, 4, 6, 1), np.uint8)
    targets = random.integers(0, 256, (20, 8, 12, 3), np.uint8)
    run = RunDir(tmp_path)
    run.samples.mkdir()
    kept_examples.keep(
        run, Examples({"image": sources, "target": targets}, sample="target"), Images()
    )
    assert len(list(run.samples.iterdir())) == 2 * kept_examples.COUNT
    for index in (0, 15):
        source, target = (
            np.asarray(Image.open(io.BytesIO((run.samples / name).read_bytes())))
            for name in (f"source-{index:02d}.png", f"target-{index:02d}.png")
        )
        np.testing.assert_array_equal(source, sources[index, ..., 0])
        np.testing.assert_array_equal(target, targets[index])
