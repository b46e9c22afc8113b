"""What is said about files that were left out."""

from gan_tf.data.image_file import NOT_AN_IMAGE
from gan_tf.data.left_out import remarks, sentences


def test_nothing_is_said_about_nothing():
    assert sentences([]) == []


def test_images_are_told_from_other_files():
    assert sentences(
        [("Thumbs.db", NOT_AN_IMAGE), ("a.jpg", "truncated"), ("b", NOT_AN_IMAGE)]
    ) == [
        "1 image was left out: 'a.jpg' (truncated).",
        "2 files are not images: 'Thumbs.db', 'b'.",
    ]


def test_many_are_shortened_to_a_few_of_each_reason():
    skipped = [(f"{number}.heic", "HEIC") for number in range(1200)]
    skipped += [(f"{number}.png", f"reason {number}") for number in range(7)]
    [sentence] = sentences(skipped)
    assert sentence == (
        "1,207 images were left out: '0.heic', '1.heic', '2.heic' and 1,197 more (HEIC); "
        "'0.png' (reason 0); '1.png' (reason 1); '2.png' (reason 2); '3.png' (reason 3); "
        "3 more for other reasons."
    )


def test_names_with_control_characters_are_escaped():
    assert sentences([("a\x1b[31m\n.png", "empty")]) == [
        r"1 image was left out: 'a\x1b[31m\n.png' (empty)."
    ]


def test_samples_of_other_kinds_are_called_what_they_are():
    assert sentences([("line 3", "long")], "sequences") == [
        "1 sequence was left out: 'line 3' (long)."
    ]


def test_remarks_name_the_files_that_they_are_about():
    found = [(f"{each}.gif", "Animated") for each in "abcd"] + [("a.gif", "Large")]
    assert remarks(found) == ["Animated: 'a.gif', 'b.gif', 'c.gif' and 1 more.", "Large: 'a.gif'."]
