"""The pipeline: decoding once, the cache on disk, and batches in a resumable order."""

import itertools

import numpy as np
import pytest

from gan_tf.data import pipeline
from gan_tf.data.disk_array import DiskArray
from tests.conftest import examples
from tests.data.random_source import BATCH, COUNT, STEPS_PER_EPOCH, Pairs, Random


def take(steps, source=None, **arguments):
    """The first batches as numpy arrays; by default of a labeled source."""
    images = arguments.pop("images", None) or pipeline.load(source or Random())
    dataset = pipeline.batches(images, arguments.pop("batch_size", BATCH), **arguments)
    return list(itertools.islice(dataset.as_numpy_iterator(), steps))


def identify(batch, source):
    """[(index, is mirrored)] of float images; fails for one that is neither."""
    known = {image.tobytes(): (index, False) for index, image in enumerate(source.pixels)}
    mirrored = np.ascontiguousarray(source.pixels[:, :, ::-1])
    known |= {image.tobytes(): (index, True) for index, image in enumerate(mirrored)}
    return [known[image.tobytes()] for image in np.uint8(np.round((batch + 1) * 127.5))]


def order(batches, source):
    return [index for images, _ in batches for index, _ in identify(images, source)]


@pytest.fixture(params=["in memory", "on disk"])
def placed(request, tmp_path):
    """Loads a source in memory, or through the cache on disk."""
    budget = 1 << 20 if request.param == "in memory" else 0
    return lambda source: pipeline.load(source, budget, tmp_path / "cache")


class TestBatches:
    def test_values_are_scaled_to_minus_one_to_one(self, placed):
        pixels = np.arange(256, dtype=np.uint8).reshape(4, 4, 4, 4)
        source = Random()
        source.sample_shape, source.pixels, source.num_examples = (4, 4, 4), pixels, 4
        source.labels, source.label_names = None, ()
        [batch] = take(1, images=placed(source), batch_size=4)
        assert batch.dtype == np.float32
        values = np.sort(batch.ravel())
        np.testing.assert_array_equal(values, np.arange(256, dtype=np.float32) / 127.5 - 1)
        assert values[0] == -1
        assert values[-1] == 1

    def test_each_epoch_shows_each_image_once(self, placed):
        source = Random()
        batches = take(3 * STEPS_PER_EPOCH, images=placed(source))
        shown = np.reshape(order(batches, source), (3, COUNT))
        np.testing.assert_array_equal(np.sort(shown), [range(COUNT)] * 3)

    def test_epoch_ends_before_an_incomplete_batch(self):
        source = Random(COUNT + 5)
        shown = np.reshape(order(take(8, source), source), (2, COUNT))
        assert all(len(set(epoch)) == COUNT for epoch in shown)

    def test_order_differs_by_epoch_and_by_seed(self):
        source = Random()
        orders = {
            tuple(order(take(STEPS_PER_EPOCH, seed=seed, first_step=first_step), source))
            for seed in (0, 1, 2**31 - 1)
            for first_step in (0, STEPS_PER_EPOCH, 100 * STEPS_PER_EPOCH)
        }
        assert len(orders) == 9
        assert tuple(range(COUNT)) not in orders

    def test_same_seed_gives_the_same_batches(self, placed):
        first, second = take(6, seed=5, flip=True), take(6, images=placed(Random()), seed=5, flip=1)
        for (images, labels), (others, other_labels) in zip(first, second):
            np.testing.assert_array_equal(images, others)
            np.testing.assert_array_equal(labels, other_labels)

    @pytest.mark.parametrize("flip", [False, True])
    @pytest.mark.parametrize("first_step", [1, 3, 4, 5, 8])
    def test_starts_at_any_step_as_if_never_interrupted(self, first_step, flip):
        whole = take(12, seed=7, flip=flip)
        rest = take(12 - first_step, seed=7, flip=flip, first_step=first_step)
        for (images, labels), (expected, expected_labels) in zip(rest, whole[first_step:]):
            np.testing.assert_array_equal(images, expected)
            np.testing.assert_array_equal(labels, expected_labels)

    def test_flip_mirrors_about_half_of_the_images_left_to_right(self, placed):
        source = Random(600)
        batches = take(10, images=placed(source), batch_size=60, flip=True)
        mirrored = [flipped for images, _ in batches for _, flipped in identify(images, source)]
        assert 0.4 < np.mean(mirrored) < 0.6
        assert all(0 < sum(part) < 60 for part in np.reshape(mirrored, (10, 60)))

    def test_flips_of_an_image_change_by_epoch(self):
        source = Random()
        epochs = np.reshape(
            [
                flipped
                for images, labels in take(8, flip=True)
                for _, flipped in sorted(identify(images, source))
            ],
            (2, COUNT),
        )
        assert (epochs[0] != epochs[1]).any()

    def test_without_flip_nothing_is_mirrored(self):
        source = Random()
        assert not any(flipped for images, _ in take(8) for _, flipped in identify(images, source))

    @pytest.mark.parametrize("flip", [False, True])
    def test_labels_follow_their_images(self, placed, flip):
        source = Random()
        for images, labels in take(8, images=placed(source), flip=flip):
            assert [index for index, _ in identify(images, source)] == labels.tolist()

    def test_attributes_follow_their_images(self):
        source = Random()
        source.labels = np.arange(COUNT)[:, None] >> np.arange(5) & 1 == 1
        for images, attributes in take(4, source):
            indices = [index for index, _ in identify(images, source)]
            np.testing.assert_array_equal(attributes, source.labels[indices])

    @pytest.mark.parametrize("kind", ["read-only", "not aligned", "not contiguous"])
    def test_any_array_of_images_will_do(self, kind):
        source = Random()
        memory = np.empty(source.pixels.size + 1, np.uint8)
        pixels = memory[1:].reshape(source.pixels.shape)
        if kind == "not contiguous":
            pixels = np.empty((*source.pixels.shape, 2), np.uint8)[..., 0]
        pixels[:] = source.pixels
        pixels.flags.writeable = kind != "read-only"
        images = examples(pixels, source.labels)
        for batch, labels in take(4, images=images):
            assert [index for index, _ in identify(batch, source)] == labels.tolist()

    def test_images_are_in_memory_once(self):
        images = pipeline.load(Random())
        tensor = pipeline._shared(images.samples).read_value()
        assert np.shares_memory(np.from_dlpack(tensor), images.samples)

    def test_without_labels_there_are_images_alone(self, placed):
        [batch] = take(1, images=placed(Random(labeled=False)))
        assert batch.shape == (BATCH, *Random.sample_shape)


class TestJitter:
    def test_a_run_that_starts_later_sees_the_same(self):
        whole = take(8, seed=7, flip=True, jitter=0.3)
        rest = take(5, seed=7, flip=True, jitter=0.3, first_step=3)
        for (images, labels), (expected, expected_labels) in zip(rest, whole[3:]):
            np.testing.assert_array_equal(images, expected)
            np.testing.assert_array_equal(labels, expected_labels)

    def test_order_and_flips_stay_and_windows_change_by_example_and_epoch(self):
        """A ramp from left to right: its values tell where a window begins and how wide it is."""
        ramp = np.broadcast_to(np.uint8(np.arange(32) * 8)[:, None, None], (60, 32, 32, 1))
        ramp = np.concatenate([ramp, ramp.transpose(0, 2, 1, 3)], axis=-1)  # downward, rightward
        plain, made = (take(4, images=examples(ramp), batch_size=30, jitter=j) for j in (0, 0.25))
        slope = plain[0][0, 1, 0, 0] - plain[0][0, 0, 0, 0]
        made = np.concatenate(made)
        inner = made[:, 4:-4, 4:-4]
        np.testing.assert_allclose(np.diff(inner[..., 0], axis=1), slope / 1.25, atol=1e-5)
        np.testing.assert_allclose(np.diff(inner[..., 1], axis=2), slope / 1.25, atol=1e-5)
        for channel in range(2):
            first = (made[:, 4, 4, channel] + 1) / slope  # where the window's pixel 4 comes from
            start = first + 0.5 - 4.5 / 1.25
            assert start.min() > -0.01 and start.max() < 32 * 0.2 + 0.01
            assert start.std() > 1.2 and len(set(np.round(start, 3))) > 100
        assert abs(np.corrcoef(made[:, 4, 4, 0], made[:, 4, 4, 1])[0, 1]) < 0.3

    def test_without_jitter_the_bits_are_the_same(self):
        for (images, _), (others, _) in zip(take(4, flip=True), take(4, flip=True, jitter=0)):
            np.testing.assert_array_equal(images, others)

    def test_source_and_target_show_the_same_window_at_any_resolution(self):
        """A large smooth image, and its copies by blocks of 4: jitter commutes with downscaling."""

        class Smooth(Random):
            pairing, sample = "paired", "target"
            shapes = {"image": (16, 16, 1), "target": (64, 64, 1)}

            def batches(self):
                phase = np.arange(COUNT)[:, None, None, None]
                rows, columns = np.mgrid[:64, :64][..., None] / 64
                waves = np.sin(5 * rows + phase) + np.cos(4 * columns - 2 * rows + phase)
                target = np.uint8(np.rint(127.5 + 60 * waves))
                blocks = target.reshape(COUNT, 16, 4, 16, 4, 1).mean((2, 4))
                yield {"image": np.uint8(np.rint(blocks)), "target": target}

        data = pipeline.load(Smooth(labeled=False))
        for arrays in take(4, images=data, flip=True, jitter=0.5):
            blocks = arrays["target"].reshape(BATCH, 16, 4, 16, 4, 1).mean((2, 4))
            inside = np.s_[:, 1:-1, 1:-1]  # the outermost pixels repeat those of an edge
            np.testing.assert_allclose(arrays["image"][inside], blocks[inside], atol=0.012)

    def test_replicas_get_the_windows_of_the_whole_batch(self):
        [(whole, _)] = take(1, seed=3, jitter=0.2)
        parts = take(2, seed=3, jitter=0.2, rows=np.arange(BATCH).reshape(2, 3))
        np.testing.assert_array_equal(np.concatenate([images for images, _ in parts]), whole)


class TestLoad:
    @pytest.mark.parametrize("labeled", [True, False])
    def test_disk_and_memory_hold_the_same(self, tmp_path, labeled):
        def source():
            return Random(labeled=labeled, skipped=[("odd\n\udcff.png", "broken")])

        memory = pipeline.load(source())
        disk = pipeline.load(source(), 0, tmp_path)
        assert isinstance(disk.samples, DiskArray)
        assert not isinstance(memory.samples, DiskArray)
        np.testing.assert_array_equal(memory.samples, source().pixels)
        np.testing.assert_array_equal(disk.samples, memory.samples)
        np.testing.assert_array_equal(disk.labels, memory.labels)
        assert (memory.labels is not None) == labeled
        assert disk.label_names == memory.label_names == source().label_names
        assert disk.skipped == memory.skipped == (("odd\n\udcff.png", "broken"),)

    @pytest.mark.parametrize(("spare", "on_disk"), [(0, False), (-1, True)])
    def test_memory_budget_is_in_bytes(self, tmp_path, spare, on_disk):
        images = pipeline.load(Random(), COUNT * 3 * 4 * 2 + spare, tmp_path)
        assert isinstance(images.samples, DiskArray) == on_disk

    def test_images_that_fit_into_memory_need_no_cache(self, tmp_path):
        (tmp_path / "file").write_text("")
        source = Random()
        images = pipeline.load(source, cache_dir=tmp_path / "file" / "cache")
        np.testing.assert_array_equal(images.samples, source.pixels)


class TestSeveralArrays:
    def test_memory_budget_counts_all_of_them(self, tmp_path):
        size = COUNT * (3 * 4 * 2 + 2 * 2)
        assert not isinstance(pipeline.load(Pairs(), size, tmp_path).samples, DiskArray)
        assert isinstance(pipeline.load(Pairs(), size - 1, tmp_path).samples, DiskArray)

    @pytest.mark.parametrize("flip", [False, True])
    def test_a_batch_is_a_dict_whose_rows_belong_together(self, placed, flip):
        source = Pairs()
        for arrays, labels in take(8, images=placed(source), flip=flip):
            assert list(arrays) == ["image", "target"]
            assert arrays["target"].dtype == np.float32
            indices = [index for index, _ in identify(arrays["image"], source)]
            assert indices == labels.tolist()
            targets = np.round((arrays["target"][:, 0, 0, 0] + 1) * 127.5)
            assert targets.tolist() == indices

    def test_without_labels_the_dict_is_all_there_is(self, placed):
        [arrays] = take(1, images=placed(Pairs(labeled=False)))
        assert {name: array.shape for name, array in arrays.items()} == {
            "image": (BATCH, 3, 4, 2),
            "target": (BATCH, 2, 2, 1),
        }

    def test_all_arrays_of_an_example_are_mirrored_or_none(self, placed):
        class Twice(Random):
            pairing, sample = "paired", "target"
            shapes = {"image": Random.sample_shape, "target": Random.sample_shape}

            def batches(self):
                for batch in super().batches():
                    yield batch | {"target": batch["image"]}

        for arrays, _ in take(4, images=placed(Twice()), flip=True):
            np.testing.assert_array_equal(arrays["image"], arrays["target"])


def test_as_many_held_out_examples_are_decoded_as_needed():
    class HeldOut(Random):
        def held_out(self):
            return self.batches()

    source = HeldOut()
    data = pipeline.load_held_out(source)
    np.testing.assert_array_equal(data.samples, source.pixels)
    assert data.labels.tolist() == list(range(COUNT))
    assert data.label_names == source.label_names
    assert pipeline.load_held_out(Random()) is None
    np.testing.assert_array_equal(pipeline.load_held_out(source, 5).samples, source.pixels[:5])

    class Endless(Random):
        def held_out(self):
            while True:
                yield from self.batches()

    assert len(pipeline.load_held_out(Endless(), COUNT + 1)) == COUNT + 1


def test_a_kind_of_gan_can_take_samples_as_they_are_stored():
    data = pipeline.load(Random())
    for form, dtype in (("stored", "uint8"), ("network", "float32")):
        fed, labels = next(iter(pipeline.batches(data, BATCH, form=form)))
        assert fed.dtype == dtype
        expected = data.samples[labels]
        scaled = expected if form == "stored" else expected / np.float32(127.5) - 1
        np.testing.assert_allclose(fed, scaled, rtol=1e-6)
