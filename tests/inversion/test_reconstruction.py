"""What inversion writes about its images."""

import csv
import io

import numpy as np

from gan_tf.inversion import reconstruction


def test_a_table_keeps_names_with_commas_quotes_and_odd_bytes():
    content = reconstruction.table(["file", "mse"], [['a,"b".png', 0.5], ["\udcff.png", 1]])
    rows = list(csv.reader(io.StringIO(content.decode())))
    assert rows == [["file", "mse"], ['a,"b".png', "0.5"], ["?.png", "1"]]


def test_each_image_is_left_of_its_reconstruction():
    pixels = np.arange(1, 4, dtype=np.uint8)[:, None, None, None] * np.ones((4, 4, 1), np.uint8)
    sheet = reconstruction._pairs(pixels, 100 + pixels)
    assert sheet.shape[:2] == (3 * 6 - 2, 2 * 6 - 2)  # one pair in a row, 2 pixels apart
    for row in range(3):
        cells = sheet[6 * row : 6 * row + 4]
        assert np.all(cells[:, :4] == row + 1) and np.all(cells[:, 6:] == row + 101)
