"""What the progress bar counts and shows."""

import types

import pytest

from gan_tf.training.callbacks import progress
from gan_tf.training.callbacks.progress import Progress


class Bar:
    """Notes what it is told."""

    def __init__(self, **options):
        self.options, self.done, self.postfix, self.closed = options, options["initial"], None, 0

    def set_description(self, text, refresh):
        self.description = text

    def set_postfix(self, values, refresh):
        self.postfix = values

    def update(self, count):
        self.done += count

    def close(self):
        self.closed += 1


@pytest.fixture
def shown(monkeypatch):
    """The bars that were made, and the callback of a run of 25 steps, resumed at step 10."""
    bars = []

    def make(**options):
        bars.append(Bar(**options))
        return bars[-1]

    monkeypatch.setattr(progress, "progress_bar", make)
    callback = Progress(25, steps_per_epoch=10, samples_per_step=8, plural="images")
    model = types.SimpleNamespace(steps_made=10, optimizers={"generator": 1, "discriminator": 1})
    callback.set_model(model)
    return bars, callback


def test_it_counts_samples_of_the_whole_run(shown):
    bars, callback = shown
    callback.on_epoch_begin(1)
    (bar,) = bars
    assert bar.options["total"] == 25 * 8 and bar.options["unit"] == " images"
    assert bar.done == 10 * 8 and bar.description == "epoch 2/3"
    for batch in (0, 1, 4, 9):  # several steps at once end with the last of them
        callback.on_train_batch_end(batch)
    assert bar.done == 20 * 8
    callback.on_epoch_begin(2)
    callback.on_train_batch_end(0)
    assert bar.done == 21 * 8 and bar.description == "epoch 3/3" and bars == [bar]


def test_losses_and_notes_stand_beside_it(shown):
    bars, callback = shown
    callback.on_epoch_begin(1)
    callback.note("fid", 12.345)
    logs = {"generator_loss": 1.23456, "discriminator_loss": 0.5, "real_accuracy": 1.0}
    callback.on_train_batch_end(0, logs)
    assert bars[0].postfix == {"D": "0.5", "G": "1.23", "fid": "12.3"}
    callback.on_train_batch_end(1, {"generator_loss": 9.0})
    assert bars[0].postfix["G"] == "1.23"  # it changes every tenth step


def test_it_is_closed_once(shown):
    bars, callback = shown
    callback.close()
    callback.on_epoch_begin(1)
    callback.close()
    callback.close()
    assert bars[0].closed == 1
