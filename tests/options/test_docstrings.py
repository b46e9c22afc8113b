"""Arguments and sources are read from docstrings in Google's style."""

from gan_tf.options import docstrings

TEXT = """Sharpens (Ann, 2017): makes it sharp.

    It is what it is. Source: https://a.org,
    section 2.

    Args:
        amount (float): 0 or more,
            default 1.
        seed, draw: of it:  any,
            or none.

    Returns:
        other: nothing.

    Attributes:
        kept: what is kept.
    """


def test_arguments_are_those_of_the_sections_that_have_them():
    assert docstrings.arguments(TEXT) == {
        "amount": "0 or more, default 1.",
        "seed": "of it:  any, or none.",
        "draw": "of it:  any, or none.",
        "kept": "what is kept.",
    }
    assert docstrings.arguments("Args") == {}


def test_the_source_is_what_follows_the_word_in_its_paragraph():
    assert docstrings.source(TEXT) == "https://a.org, section 2."
    assert (
        docstrings.source("A thing.\n\nSources: Bob, 2001; Eve,\n2002.") == "Bob, 2001; Eve, 2002."
    )
    assert docstrings.source("The source: a file.") == ""
