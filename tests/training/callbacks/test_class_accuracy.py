"""The accuracy of a discriminator that tells classes apart."""

import types

import keras
import numpy as np

from gan_tf.modalities.image import Image
from gan_tf.training.callbacks.class_accuracy import ClassAccuracy
from gan_tf.training.callbacks.stop_on_signal import StopOnSignal


class Recorder:
    def record(self, step, values):
        self.recorded = step, values

    def note(self, name, value):
        self.noted = name, value


def test_it_is_known_at_the_end_in_the_midst_of_an_epoch_too():
    recorder = Recorder()
    recorder.rows = [{"step": 10, "test_accuracy": 0.5}]
    callback = ClassAccuracy(5, [], Image(), recorder, recorder, StopOnSignal())
    done = []
    callback.act = lambda step, logs: done.append(step)
    for step in (10, 12):
        callback.conclude(step)
    assert done == [12]


def test_the_share_of_right_guesses_is_logged_and_shown():
    pixels = keras.Input((1, 1, 2))
    outputs = {"class_logits": keras.layers.Flatten()(pixels)}  # the brighter channel's class
    batches = [
        (np.array([[[[9, 1]]], [[[1, 9]]]], np.uint8), np.array([0, 0])),
        (np.array([[[[8, 2]]]], np.uint8), np.array([0])),
    ]
    recorder = Recorder()
    callback = ClassAccuracy(5, iter(batches), Image(), recorder, recorder, StopOnSignal())
    callback.set_model(types.SimpleNamespace(discriminator=keras.Model(pixels, outputs)))
    for _ in range(2):  # the batches are read once
        callback.act(10, None)
        assert recorder.recorded == (10, {"test_accuracy": 2 / 3})
        assert recorder.noted == ("test_accuracy", 2 / 3)
