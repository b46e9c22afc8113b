"""Workers stop at the same step."""

import types

import pytest

from gan_tf.training.callbacks.stop_together import StopTogether


@pytest.mark.parametrize("mine, others", [(False, False), (True, False), (False, True)])
def test_a_worker_stops_where_it_or_another_does(mine, others):
    asked, stop = [], object()

    def agree_to_stop(*arguments):
        asked.append(arguments)
        return arguments[1] or others

    callback = StopTogether(types.SimpleNamespace(agree_to_stop=agree_to_stop), stop)
    callback.set_model(types.SimpleNamespace(stop_training=mine))
    callback.on_train_batch_end(0)
    assert asked == [(stop, mine)]
    assert callback.model.stop_training == (mine or others)
