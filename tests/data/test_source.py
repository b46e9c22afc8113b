"""What every data set has, and those derived from another."""

import pytest

from gan_tf.data.source import Derived, Source
from tests.data.random_source import Pairs, Random


def test_a_source_has_one_array_without_labels_and_nothing_held_out_unless_it_says_more():
    class Bare(Source):
        name, sample_shape = "bare", [8, 8, 1]

        def batches(self):
            return iter(())

    source = Bare()
    assert source.shapes == {"image": (8, 8, 1)} and source.sample == "image"
    assert (source.pairing, source.label_names, source.skipped) == ("single", (), ())
    assert source.origin == "The data set 'bare'"
    assert list(source.held_out()) == [] and source.content() is None
    with pytest.raises(TypeError, match="abstract"):
        Source()


class Doubled(Derived):
    """Its batches have each index twice."""

    cache_key = "doubled"

    def changed(self, batch):
        return {"twice": 2 * batch["label"]}


def test_what_is_derived_has_what_the_other_has_but_for_what_it_changes():
    source = Pairs()
    derived = Doubled(source)
    assert (derived.pairing, derived.sample) == ("paired", "target")
    assert derived.num_examples == source.num_examples and derived.cache_key == "doubled"
    assert [each["twice"].tolist() for each in derived.batches()] == [
        (2 * each["label"]).tolist() for each in source.batches()
    ]
    with pytest.raises(AttributeError, match="no_such_thing"):
        getattr(derived, "no_such_thing")  # noqa: B009


def test_held_out_batches_are_changed_too():
    class HeldOut(Random):
        def held_out(self):
            yield {"label": self.labels[:3]}

    assert [each["twice"].tolist() for each in Doubled(HeldOut()).held_out()] == [[0, 2, 4]]
    assert list(Doubled(Random()).held_out()) == []
