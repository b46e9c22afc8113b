"""What `python -m gan_tf.augment` refuses before it makes anything."""

import pytest

from gan_tf.augment import main
from gan_tf.errors import UserError
from tests.conftest import bare_run


@pytest.mark.parametrize(
    "name, arguments, words",
    [
        ("plain", [], "is not conditional, so its images need a classifier"),
        ("plain", ["--classifier=auto"], "No classifier is known for the data set 'image_folder'"),
        ("conditional", ["--classifier=x.keras"], "there is no such file"),
        ("conditional", ["--confidence=1.5"], "it must be from 0 to 1"),
        ("conditional", ["--checkpoint=7"], "no checkpoint '7'"),
        ("conditional", ["--num_images=100000000"], "--large"),
        ("unlabeled", ["--classifier=auto"], "was trained on images without classes"),
        ("nothing", [], "is not a run directory"),
    ],
)
def test_what_is_refused(name, arguments, words, photos, tmp_path):
    data = dict(dataset="image_folder", image_dir=str(photos), image_size=8)
    bare_run(tmp_path / "plain", ("a", "b"), **data)
    bare_run(tmp_path / "conditional", ("a", "b"), **data, conditional="acgan")
    bare_run(tmp_path / "unlabeled", (), **data)
    with pytest.raises(UserError, match=words):
        main(["", f"--run_dir={tmp_path}/{name}", f"--out={tmp_path}/x", *arguments])
    assert not (tmp_path / "x").exists()


def test_the_needed_flags():
    with pytest.raises(UserError, match="--run_dir"):
        main([""])
    with pytest.raises(UserError, match="--out"):
        main(["", "--run_dir=x"])


def test_a_folder_of_other_files_is_not_written_to(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.png").touch()
    with pytest.raises(UserError, match="already exists: choose another --out"):
        main(["", "--run_dir=x", f"--out={tmp_path}/out"])
