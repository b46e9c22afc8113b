"""Two domains: their form, their parts, and how they are loaded and mixed."""

import numpy as np
import pytest

from gan_tf.data import pipeline
from gan_tf.data.domains import Domains, InColor, Side
from gan_tf.data.source import source_shape
from gan_tf.errors import UserError
from tests.data.random_source import COUNT, Pairs, Random

SMALL = 14


class Gray(Random):
    """Gray images, with held-out ones."""

    sample_shape = (3, 4, 1)

    def held_out(self):
        yield {"image": self.pixels[:5]}


class Color(Gray):
    name = "color"
    sample_shape = (3, 4, 3)


@pytest.fixture
def domains():
    return Domains(Gray(SMALL, skipped=[("a.png", "empty")]), Color(COUNT, labeled=False))


def test_it_is_the_second_with_the_first_beside_it_in_the_same_colors(domains, tmp_path):
    assert domains.pairing == "unpaired" and domains.sample_shape == (3, 4, 3)
    assert source_shape(domains) == (3, 4, 3)
    assert domains.name == "random and color" and domains.num_examples == COUNT
    assert "'random' and The data set 'color'" in domains.origin
    data = pipeline.load(domains, cache_dir=tmp_path)
    np.testing.assert_array_equal(data.samples, Color(COUNT).pixels)
    np.testing.assert_array_equal(data.sources, Gray(SMALL).pixels.repeat(3, -1))
    assert data.source_shape == (3, 4, 3) and data.in_epoch == COUNT
    assert data.skipped == (("a.png", "empty"),) == tuple(domains.skipped)
    held_out = pipeline.load_held_out(domains, 4)
    assert (len(held_out), len(held_out.sources)) == (4, 4)
    again = pipeline.load(domains, cache_dir=tmp_path)
    assert domains.source_domain._source.calls == 1  # the rest is from the cache
    np.testing.assert_array_equal(again.sources, data.sources)


def test_both_are_checked():
    class Unreadable(Color):
        def check_readable(self):
            raise UserError("none can be read")

    for pair in ((Color(), Unreadable()), (Unreadable(), Color())):
        with pytest.raises(UserError, match="none can be read"):
            Domains(*pair).check_readable()


def test_exchanged_domains(domains):
    data, other = pipeline.load(domains), pipeline.load(domains.reversed())
    np.testing.assert_array_equal(other.samples, data.sources)
    np.testing.assert_array_equal(other.sources, data.samples)
    exchanged = data.reversed()
    np.testing.assert_array_equal(exchanged.samples, other.samples)
    np.testing.assert_array_equal(exchanged.sources, other.sources)


def test_what_identifies_the_data_depends_on_both(domains):
    others = [
        Domains(Gray(SMALL, key="other"), Color(COUNT, labeled=False)),
        Domains(Gray(SMALL), Color(COUNT, labeled=False, key="other")),
        domains.reversed(),
    ]
    assert len({each.cache_key for each in (domains, *others)}) == 4
    assert domains.content() is None

    class Known(Gray):
        def content(self, skipped=(), classes=None):
            return self.key

    found = [Domains(Known(5, key=a), Known(5, key=b)).content() for a, b in ("xx", "xy", "yx")]
    assert len(set(found)) == 3


def test_equal_classes_are_in_one_order():
    mine, theirs = Gray(3), Gray(3)
    theirs.label_names = ("2", "0", "1")
    data = pipeline.load(Domains(mine, theirs))
    assert data.label_names == data.source_domain.label_names == ("2", "0", "1")
    assert data.source_domain.labels.tolist() == [1, 2, 0] and data.labels.tolist() == [0, 1, 2]


def test_images_of_different_sizes_are_refused():
    class Large(Gray):
        sample_shape = (6, 8, 1)

    with pytest.raises(UserError, match="give --image_size, which is for both"):
        Domains(Gray(3), Large(3))


def test_the_sides_of_pairs_are_domains():
    pairs = Pairs()
    sources, targets = (pipeline.load(Side(pairs, side)) for side in ("image", "target"))
    np.testing.assert_array_equal(sources.samples, pairs.pixels)
    assert targets.samples[:, 0, 0, 0].tolist() == list(range(COUNT))
    assert targets.labels.tolist() == list(range(COUNT))
    assert Side(pairs, "image").cache_key != Side(pairs, "target").cache_key


def test_gray_becomes_rgb():
    colored = InColor(Gray(3))
    assert colored.cache_key != Gray(3).cache_key and colored.shapes == {"image": (3, 4, 3)}
    np.testing.assert_array_equal(next(colored.batches())["image"][..., 2:], Gray(3).pixels)


class TestBatches:
    """Each domain is shuffled by itself; a step has the same batch however a run got there."""

    def taken(self, data, first_step=0, count=9, **options):
        batches = pipeline.batches(data, 6, 1, first_step, **options)
        images = (one[0] if isinstance(one, tuple) else one for one in batches.take(count))
        return [{name: each.numpy() for name, each in one.items()} for one in images]

    @pytest.mark.slow
    @pytest.mark.parametrize("options", [{}, dict(flip=True, jitter=0.3)])
    def test_a_run_that_starts_later_has_the_same(self, domains, options):
        data = pipeline.load(domains)
        whole = self.taken(data, **options)
        for first in (2, 5):  # in the second epoch of the smaller domain, and of the larger
            for one, its in zip(whole[first:], self.taken(data, first, **options)):
                np.testing.assert_array_equal(one["image"], its["image"])
                np.testing.assert_array_equal(one["target"], its["target"])

    def test_an_epoch_of_each_domain_has_every_image_once(self, domains):
        data = pipeline.load(domains)
        found = self.taken(data, count=4)
        for name, count, steps in (("target", COUNT, 4), ("image", SMALL, 2)):
            rows = np.concatenate([each[name] for each in found[:steps]])
            assert len(np.unique(rows, axis=0)) == 6 * steps <= count

    def test_pairs_do_not_stay_together(self):
        class Same(Pairs):
            shapes = {"image": (2, 2, 1), "target": (2, 2, 1)}

            def batches(self):
                for batch in super().batches():
                    yield batch | {"image": batch["target"]}

        pairs = Same()
        data = pipeline.load(Domains(Side(pairs, "image"), Side(pairs, "target")))
        found = self.taken(data, count=4)
        both = [np.concatenate([each[name][:, 0, 0, 0] for each in found]) for name in found[0]]
        assert np.array_equal(*map(np.sort, both)) and np.mean(both[0] == both[1]) < 0.3

    def test_labels_of_the_same_classes_stay_with_their_images(self):
        mine, theirs = Gray(COUNT), Gray(COUNT)
        theirs.label_names = mine.label_names[::-1]
        data = pipeline.load(Domains(mine, theirs))
        assert data.same_classes
        for images, labels in pipeline.batches(data, 6, 1).take(4):
            for name, part in zip(("target", "image"), data.domains):
                rows = [
                    int(np.flatnonzero((part.samples == stored).all(axis=(1, 2, 3)))[0])
                    for stored in np.rint((images[name].numpy() + 1) * 127.5)
                ]
                assert labels[name].numpy().tolist() == part.labels[rows].tolist()

    def test_other_classes_are_left_out(self, domains):
        assert pipeline.load(Domains(Gray(COUNT), Color(COUNT))).same_classes
        for other in (
            domains,
            Domains(Gray(COUNT, labeled=False), Gray(COUNT)),
            Domains(Gray(SMALL), Gray(COUNT)),
        ):
            assert not pipeline.load(other).same_classes

    def test_replicas_have_parts_of_the_same_batches(self, domains):
        data = pipeline.load(domains)
        (whole,) = self.taken(data, count=1)
        parts = self.taken(data, count=2, rows=np.arange(6).reshape(2, 3))
        for name, rows in whole.items():
            np.testing.assert_array_equal(np.concatenate([each[name] for each in parts]), rows)
