"""Paths that TensorFlow does not take for patterns."""

import pytest

from gan_tf.files.literal_path import literal_path


@pytest.mark.parametrize("name", ["[1]", "a*", "b?", "c\\d"])
def test_a_folder_is_reached_by_a_path_without_patterns(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).mkdir()
    for folder in (tmp_path / name, name):
        with literal_path(folder) as path:
            assert not set("*?[]\\") & set(str(path))
            (path / "file").write_text("here")
        assert (tmp_path / name / "file").read_text() == "here"
        assert not path.exists()  # the link, not what it leads to


def test_other_paths_stay_as_they_are(tmp_path):
    with literal_path(tmp_path) as path:
        assert path == tmp_path
