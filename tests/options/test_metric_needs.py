"""What metrics need, and what is said where it is lacking."""

import pytest

from gan_tf.options.config import Config
from gan_tf.options.metric_needs import generator_knows, no_classifier, unknown_distribution


def test_generators_know_likelihoods_or_have_styles():
    assert generator_knows(Config(dataset="mnist", arch="dcgan")) == ()
    assert generator_knows(Config(dataset="mnist", arch="stylegan2")) == ("styles",)
    sentences = Config(dataset="sentences", gan="seqgan", arch="lstm")
    assert generator_knows(sentences) == ("density",)


@pytest.mark.parametrize(
    "metric, words",
    [
        ("ppl", "a space of styles: give a run of --arch=stylegan2, or leave it out."),
        ("nll_test", "whose likelihoods are known: give a run of --gan=seqgan, or leave it out."),
        ("rhyme", "give both, or leave it out."),
        ("nll_oracle", "--dataset=oracle, or leave it out."),
    ],
)
def test_an_error_says_what_would_have_it(metric, words):
    text = str(unknown_distribution(metric))
    assert text.startswith(f"The metric '{metric}' needs ") and text.endswith(words)


def test_an_error_names_other_features():
    text = str(no_classifier("mode_count", "pixels"))
    assert "'mode_count'" in text and "--features=pixels" in text
