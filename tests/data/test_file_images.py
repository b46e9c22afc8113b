"""`FileImages`: order, batches, and what becomes of the files that cannot be read."""

import io

import numpy as np
import pytest

from gan_tf.data.file_images import FileImages


class Numbers(FileImages):
    """Files named by numbers; `errors` says which cannot be read, and why."""

    name = "numbers"
    sample_shape = (1, 1, 1)

    def __init__(self, count, labeled=True, errors=None):
        super().__init__()
        self.count, self.errors = count, errors or {}
        self.sizes, self.beginnings = {}, {}
        self.label_names = ("even", "odd") if labeled else ()

    def items(self):
        return [(str(n), n % 2 if self.label_names else None) for n in range(self.count)]

    def size(self, file):
        return 7 + self.sizes.get(int(file), 0)

    def open(self, file):
        if int(file) in self.errors:
            raise self.errors[int(file)]
        return io.BytesIO(self.beginnings.get(int(file), b""))

    def read(self, file):
        if int(file) in self.errors:
            raise self.errors[int(file)]
        return np.full(self.sample_shape, int(file) % 251, np.uint8)


@pytest.mark.parametrize(
    ("count", "sizes"), [(0, []), (1, [1]), (512, [512]), (1100, [512, 512, 76])]
)
def test_batches_keep_the_order(count, sizes):
    batches = list(Numbers(count).batches())
    assert [len(batch["image"]) for batch in batches] == sizes
    assert [each.item() for batch in batches for each in batch["image"]] == [
        n % 251 for n in range(count)
    ]


def test_labels_stay_with_their_images_when_files_are_skipped():
    source = Numbers(200, errors={n: ValueError("broken") for n in range(0, 200, 3)})
    [batch] = source.batches()
    np.testing.assert_array_equal(batch["image"].ravel() % 2, batch["label"])
    assert len(batch["image"]) + len(source.skipped) == source.num_examples == 200


def test_without_label_names_there_are_no_labels():
    [batch] = Numbers(3, labeled=False).batches()
    assert list(batch) == ["image"]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValueError("two\n lines"), "two lines"),
        (OSError("cut short"), "cut short"),
        (SyntaxError("not a PNG"), "not a PNG"),
        (MemoryError(), "unreadable"),
    ],
)
def test_reason_is_one_line(error, reason):
    source = Numbers(3, errors={1: error})
    for _ in range(2):  # the second pass begins a new list
        [batch] = source.batches()
        assert batch["image"].ravel().tolist() == [0, 2]
        assert source.skipped == [("1", reason)]


def test_programming_errors_are_not_hidden():
    with pytest.raises(ZeroDivisionError):
        list(Numbers(3, errors={1: ZeroDivisionError()}).batches())


def test_content_is_known_by_number_labels_sizes_and_beginnings():
    def content(count=300, labeled=True, sizes=(), beginnings=(), **arguments):
        source = Numbers(count, labeled)
        source.sizes, source.beginnings = dict(sizes), dict(beginnings)
        return source.content(**arguments)

    assert content() == content()
    others = [
        content(299),
        content(labeled=False),
        content(sizes={200: 1}),
        content(beginnings={0: b"x"}),
        content(beginnings={299: b"x"}),
    ]
    assert len({content(), *others}) == 6
    assert content(skipped=[("299", "broken")]) == content(299)
    evens = content(classes=[0])
    assert evens == content(classes=[0], sizes={201: 1}) != content(classes=[0], sizes={200: 1})


def test_content_does_not_need_files_that_cannot_be_opened():
    errors = {0: OSError("gone"), 2: ValueError("damaged")}
    assert Numbers(3, errors=errors).content() == Numbers(3, errors=errors).content()


class Held(Numbers):
    """The same, whose items are those that the base keeps."""

    def __init__(self, count, **options):
        super().__init__(count, **options)
        self._items = super().items()

    def items(self):
        return self._items


@pytest.mark.parametrize("count, held_out", [(0, 0), (1, 0), (2, 1), (39, 1), (40, 2), (100, 5)])
def test_one_file_in_20_is_held_out(count, held_out):
    source = Held(count)
    assert list(source.held_out()) == []
    source.hold_out()
    source.hold_out()  # only once
    assert len(source.items()) == count - held_out == source.num_examples
    chosen = [batch["image"].ravel().tolist() for batch in source.held_out()]
    kept = [int(file) for file, _ in source.items()]
    assert sorted(sum(chosen, kept)) == list(range(count))


def test_what_is_held_out_depends_on_names_alone_and_is_no_sequence():
    chosen = []
    for count in (240, 250):
        source = Held(count)
        source.hold_out()
        [batch] = source.held_out()
        chosen.append(batch["image"].ravel().tolist())
    assert len(set(chosen[0]) & set(chosen[1])) >= 10
    assert chosen[0] != sorted(chosen[0])
    assert batch["label"].tolist() == [each % 2 for each in chosen[1]]


def test_held_out_files_that_cannot_be_read_are_skipped():
    source = Held(40)
    source.hold_out()
    broken = int(source._held_out[0][0])
    source.errors = {broken: ValueError("broken")}
    [batch] = source.batches()
    assert len(batch["image"]) == 38
    assert source.skipped == [(str(broken), "broken")]
    assert [len(each["image"]) for each in source.held_out()] == [1]
    assert source.skipped == [(str(broken), "broken")]
