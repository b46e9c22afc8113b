"""Archives of arrays."""

import json
import zipfile

import numpy as np

from tests.sampling.formats.example import PIXELS, written


def test_an_archive(tmp_path):
    with np.load(written("npz", tmp_path / "x.npz")) as archive:
        np.testing.assert_array_equal(archive["images"], PIXELS)
        assert archive["images"].dtype == np.uint8
        assert archive["number"].tolist() == list(range(7))
        assert json.loads(str(archive["metadata"]))["images"] == 7


def test_an_archive_does_not_tell_when_it_was_written(tmp_path):
    with zipfile.ZipFile(written("npz", tmp_path / "x.npz")) as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
