"""The lists of CelebA, as others write them."""

import numpy as np
import pytest

from gan_tf.data.celeb_a_lists import face_name, read_attributes, read_partition

TXT = "2\nSmiling Male \n000001.jpg  1 -1\n000002.jpg -1  1\n"
CSV = "image_id,Smiling,Male\n000001.jpg,1,-1\n000002.jpg,-1,1\n"
PARTITION = "image_id,partition\n000001.jpg,0\n000002.jpg,2\n"


@pytest.mark.parametrize(
    "text",
    [
        TXT,
        CSV,
        TXT.replace("\n", "\r\n"),
        TXT.replace(" ", "\t"),
        CSV.replace(",", ", "),
        CSV.replace(",1", ",1.0").replace("-1", "-1.0"),
        CSV.replace("-1", "0"),
        CSV.replace("image_id", "filename"),
        "\n" + CSV + "\n\n",
        CSV.replace("000001.jpg", '"000001.jpg"'),
    ],
)
def test_attributes(text):
    names, faces = read_attributes(text)
    assert names == ("Male", "Smiling")
    assert list(faces) == ["000001.jpg", "000002.jpg"]
    np.testing.assert_array_equal(list(faces.values()), [[False, True], [True, False]])


@pytest.mark.parametrize(
    "text, words",
    [
        ("", "it is empty"),
        ("image_id,Smiling,Male\n", "it has no faces"),
        ("2\nSmiling Male\n", "it has no faces"),
        ("2\n", "does not begin with the number"),
        (TXT.removeprefix("2\n"), "does not begin with the number"),
        (CSV.replace(",1\n", ",x\n"), "the row of 000002.jpg has 'x' in place of 1, 0 or -1"),
        (CSV.replace(",1\n", ",\n"), "has '' in place of"),
        (CSV.replace(",1\n", ",nan\n"), "has 'nan' in place of"),
        (CSV.replace(",1\n", "\n"), "the row of 000002.jpg has another number of columns"),
        (CSV.replace("Male", "Smiling"), "two columns have the same name"),
        (CSV + "000001.jpg,-1,-1\n", "it names 000001.jpg twice"),
        (CSV.replace("000001.jpg", "0,000001.jpg"), "a row begins with '0', which is not the name"),
    ],
)
def test_damaged_attributes(text, words):
    with pytest.raises(ValueError, match=words):
        read_attributes(text)


@pytest.mark.parametrize(
    "text",
    [PARTITION, PARTITION.replace(",", ", "), "000001.jpg 0\n000002.jpg 2\n"],
)
def test_partition(text):
    assert read_partition(text) == {"000001.jpg": "0", "000002.jpg": "2"}


@pytest.mark.parametrize(
    "row", ["000003.jpg,3", "000003.jpg", "000003.jpg,0,7", "000003.jpg,train"]
)
def test_damaged_partition(row):
    with pytest.raises(ValueError, match=r"the row of 000003\.jpg is not its name and 0, 1 or 2"):
        read_partition(PARTITION + row)


def test_names_of_faces():
    assert [face_name(each) for each in ("a/000001.JPG", "2.jpeg", "3.jpg", "4.png", "5")] == [
        "000001.jpg",
        "2.jpg",
        "3.jpg",
        None,
        None,
    ]
