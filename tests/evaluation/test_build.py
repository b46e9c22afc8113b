"""The evaluator of a configuration."""

from gan_tf.data import build as datasets
from gan_tf.data import pipeline
from gan_tf.evaluation.build import evaluator
from tests.conftest import tiny_translation


def test_it_says_that_the_scored_features_were_a_content_loss(photos, tmp_path, capsys):
    losses = {"perceptual": 1, "perceptual('celeb_a_attributes')": 0, "l1": 0}
    for content_loss, lines in losses.items():
        config = tiny_translation(photos, tmp_path, content_loss=("l2", content_loss))
        source = datasets.build(config)
        data = pipeline.load(source)
        capsys.readouterr()
        evaluator(config, source, data, ("l1(2)",))
        printed = capsys.readouterr().out
        assert printed.count("--features=random_conv are those of the run's content loss") == lines
