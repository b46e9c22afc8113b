"""Folders of files that are classes, of any kind of file; more in test_image_folder."""

import pytest

from gan_tf.data.class_folders import ClassFolders
from gan_tf.errors import UserError


class Words(ClassFolders):
    """Files of words; those with a number are broken."""

    name = "words"
    modality = "audio"
    flag = "--words"
    decoding = "1"

    def __init__(self, path):
        super().__init__(str(path), 1 << 20)
        self._find()

    def check(self, file):
        with self._tree.open(file) as content:
            if content.read().isdigit():
                raise ValueError("a number")

    def read(self, file):
        raise NotImplementedError


@pytest.fixture
def write(tmp_path):
    def write(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return Words(tmp_path)

    return write


def test_folders_with_a_readable_file_are_classes(write):
    source = write(b__x="good", a__x="good", a__y="7", c__x="7")
    assert source.label_names == ("a", "b")
    assert source.items() == [("a/x", 0), ("a/y", 0), ("b/x", 1)]
    assert source.left_out == [("c/x", "a number")]


def test_a_folder_around_the_classes_is_passed(write):
    source = write(all__b__x="good", all__a__x="good")
    assert source.label_names == ("a", "b") and source.full_name("a/x") == "all/a/x"
    assert source.notes == ["The classes are the folders in 'all'."]


def test_files_next_to_folders_leave_no_classes_and_are_called_what_they_are(write):
    source = write(a__x="good", y="good")
    assert source.label_names == () and "the clips have no labels" in source.notes[0]
    assert source.origin.endswith("' (--words)")


def test_the_cache_key_depends_on_the_files(write):
    first = write(a__x="good").cache_key
    assert write(a__x="better").cache_key != first


def test_files_none_of_which_can_be_read_are_a_sentence(write):
    with pytest.raises(
        UserError, match=r"\(--words\) has no clips that can be read\. 2 clips were .*'x', 'y'"
    ):
        write(x="7", y="8").check_readable()
    write(x="7", y="8", z="good").check_readable()


def test_a_large_folder_is_not_read_to_its_end_to_find_one_that_can(write, monkeypatch):
    monkeypatch.setattr("gan_tf.data.class_folders._TRIED", 2)
    tried = []
    monkeypatch.setattr(Words, "check", lambda self, file: tried.append(file) or int("good"))
    write(x="7", y="8", z="9").check_readable()  # reading all of it tells
    assert tried == ["x", "y"]
