"""Files of chosen formulations: written, read, damaged."""

import threading

import pytest

from gan_tf.errors import UserError
from gan_tf.runs import tuning_file

ENTRIES = {"a": ("stock", "columns"), "b": ("patches",)}


def test_entries_are_added_to_those_that_are_there(tmp_path):
    path = tmp_path / "new" / "tuning.json"
    assert tuning_file.read(path, strict=True) == {}
    tuning_file.add(path, {"a": ("old",), "b": ("patches",)})
    tuning_file.add(path, {"a": ("stock", "columns")})
    assert tuning_file.read(path, strict=True) == ENTRIES
    assert {each.name for each in path.parent.iterdir()} == {"tuning.json", ".tuning.json.lock"}


def test_what_others_add_at_the_same_time_is_kept(tmp_path, monkeypatch, capsys):
    path, write = tmp_path / "tuning.json", tuning_file.write
    other = threading.Thread(target=tuning_file.add, args=(path, {"b": ("patches",)}))

    def write_while_another_adds(*arguments):
        monkeypatch.setattr(tuning_file, "write", write)
        other.start()
        other.join(0.3)  # without the lock it ends in this time
        write(*arguments)

    monkeypatch.setattr(tuning_file, "write", write_while_another_adds)
    tuning_file.add(path, {"a": ("stock", "columns")})
    other.join()
    assert tuning_file.read(path) == ENTRIES
    assert f"Waiting for another run to write '{path}'." in capsys.readouterr().out


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"a": 1}', b'{"a": [1]}', b"[" * 10_000, b'{"a": ["' + b"x" * (1 << 20)],
    ids=range(7),
)
def test_a_damaged_file_counts_as_empty_and_is_replaced_or_refused(tmp_path, content):
    path = tmp_path / "tuning.json"
    path.write_bytes(content)
    with pytest.raises(UserError, match="is not a file that --tune has written"):
        tuning_file.read(path, strict=True)
    assert path.read_bytes() == content
    assert tuning_file.read(path) == {}
    tuning_file.add(path, ENTRIES)
    assert tuning_file.read(path) == ENTRIES


def test_a_folder_is_refused(tmp_path):
    assert tuning_file.read(tmp_path) == {}
    with pytest.raises(UserError, match="--tune="):
        tuning_file.read(tmp_path, strict=True)
