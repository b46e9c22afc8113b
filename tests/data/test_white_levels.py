"""White in images of floats: one value for all."""

import numpy as np
from PIL import Image

from gan_tf.data.file_tree import FolderTree
from gan_tf.data.white_levels import WhiteLevels
from tests.data.test_image_file import rgb, save


def test_white_is_that_of_the_highest_value_and_named(tmp_path):
    for name, value in (("a.tif", 0.5), ("b.tif", 300.0)):
        Image.fromarray(np.full((4, 4), value, np.float32)).save(tmp_path / name)
    save(rgb(), tmp_path / "c.png")
    (tmp_path / "d.tif").write_text("broken")
    notes, calls = [], []
    tree = FolderTree(str(tmp_path))
    white = WhiteLevels(tree, lambda: calls.append(1) or tree.files(), notes)
    assert not calls
    assert [white.of(each) for each in ("a.tif", "c.png", "b.tif")] == [65535, None, 65535]
    assert calls == [1]
    [note] = notes
    assert "'b.tif' has pixel values above 1" in note and "'a.tif'" in note
