"""Requests: what is right is read, whatever else is refused in a sentence."""

import pytest

from gan_tf.explorer.request import BadRequestError, ImageRequest, parse_request


def read(query, classes=10, directions=8, layers=0):
    pairs = [each.partition("=")[::2] for each in query.split("&")]
    return parse_request(pairs, classes, directions, layers)


@pytest.mark.parametrize(
    "query, expected",
    [
        ("seed=7", ImageRequest(7)),
        ("seed=2147483647&label=9", ImageRequest(2**31 - 1, label=9)),
        ("seed=0&truncation=0.7", ImageRequest(0, truncation=0.7)),
        ("seed=1&move=0:1.5,7:-2", ImageRequest(1, moves=((0, 1.5), (7, -2.0)))),
        ("seed=1&to=2&share=0.25", ImageRequest(1, to=2, share=0.25)),
    ],
)
def test_reads(query, expected):
    assert read(query) == expected


@pytest.mark.parametrize(
    "query, expected",
    [
        ("seed=1&psi=0.7", ImageRequest(1, psi=0.7)),
        ("seed=1&psi=0", ImageRequest(1, psi=0.0)),
        ("seed=1&to=2&share=0.5&space=z", ImageRequest(1, to=2, share=0.5, space="z")),
        ("seed=1&move=0:1:2-5,3:-2", ImageRequest(1, moves=((0, 1.0, (2, 5)), (3, -2.0)))),
    ],
)
def test_reads_what_is_of_styles_where_there_are_some(query, expected):
    assert read(query, layers=6) == expected
    with pytest.raises(BadRequestError):
        read(query)


@pytest.mark.parametrize(
    "query", ["psi=2.1", "space=w", "move=0:1:2-6", "move=0:1:3-2", "move=0:1:2"]
)
def test_refuses_styles_that_there_are_not(query):
    with pytest.raises(BadRequestError):
        read(f"seed=1&{query}", layers=6)


SENSELESS = [
    "",
    "seed=",
    "seed=-1",
    "seed=1.0",
    "seed=2147483648",
    "seed=99999999999999999999",
    "seed=1e3",
    "seed=\u0661",  # a digit, but no ASCII one
    "seed=1&seed=2",
    "seed=1&x=2",
    "seed=1&label=10",
    "seed=1&label=-1",
    "seed=1&label=cat",
    "seed=1&truncation=0",
    "seed=1&truncation=nan",
    "seed=1&truncation=inf",
    "seed=1&truncation=11",
    "seed=1&move=",
    "seed=1&move=0",
    "seed=1&move=8:1",
    "seed=1&move=0:11",
    "seed=1&move=0:1,0:2",
    "seed=1&move=0:nan",
    "seed=1&move=0:1;1:2",
    "seed=1&move=0:1\n",
    "seed=1&to=2",
    "seed=1&share=0.5",
    "seed=1&to=2&share=1.5",
    "seed=1&to=x&share=0.5",
]


@pytest.mark.parametrize("query", SENSELESS)
def test_refuses_in_a_sentence(query):
    with pytest.raises(BadRequestError) as caught:
        read(query)
    assert str(caught.value).endswith(".") and len(str(caught.value)) < 120


def test_refuses_a_label_where_there_are_no_classes():
    with pytest.raises(BadRequestError, match="takes no label"):
        read("seed=1&label=0", classes=0)


def test_the_note_has_what_is_set():
    assert ImageRequest(3).note() == {"seed": 3}
    assert ImageRequest(3, moves=((0, 1.5),)).note() == {"seed": 3, "moves": [[0, 1.5]]}
    assert ImageRequest(3, to=4, share=0.5).note() == {"seed": 3, "to": 4, "share": 0.5}
