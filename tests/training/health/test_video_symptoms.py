"""The symptoms of videos are for videos."""

from gan_tf.training.health.symptoms import symptoms_of
from gan_tf.training.health.video_symptoms import Flicker, Motionless, OneVideo


def test_they_come_last_and_are_for_videos_alone():
    own = symptoms_of("video")[-3:]
    assert [type(each) for each in own] == [Motionless, Flicker, OneVideo]
    assert not {*own} & {*symptoms_of("image"), *symptoms_of("audio"), *symptoms_of("tokens")}
