"""The interface of a symptom: since when it has shown."""

from gan_tf.training.health.diagnosis import History
from gan_tf.training.health.symptom import Symptom


class Low(Symptom):
    """The diversity is low."""

    name = "low"
    value = "diversity"

    def evidence(self, history, before=0):
        median = history.median("diversity", before)
        return f"diversity {median:.1f}" if median < 0.5 else None


def test_it_dates_back_to_the_first_of_the_windows_that_show_it():
    history = History()
    for step in range(200, 3001, 200):
        history.add({"step": step, "diversity": 0.9 if step <= 1000 else 0.1})
    low = Low()
    assert low.evidence(history) == "diversity 0.1" and not low.is_transient(history)
    assert 900 <= low.since(history) <= 1400
