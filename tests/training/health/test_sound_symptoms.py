"""The symptoms of sound are for sound."""

from gan_tf.training.health.sound_symptoms import SoundSymptom
from gan_tf.training.health.symptoms import SYMPTOMS, symptoms_of


def test_they_come_last_and_are_for_sound_alone():
    own = [each for each in SYMPTOMS if isinstance(each, SoundSymptom)]
    assert [each.name for each in own] == ["silence", "clipping", "dc_offset", "one_tone"]
    assert symptoms_of("audio")[-4:] == tuple(own)
    assert not {*own} & {*symptoms_of("image"), *symptoms_of("tokens")}
