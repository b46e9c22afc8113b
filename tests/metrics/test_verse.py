"""Forms and rhymes of poems."""

import numpy as np
import pytest

from gan_tf.data.text_file import TextFile
from gan_tf.errors import UserError
from gan_tf.evaluation.evaluator import Evaluator
from gan_tf.metrics.metric import Sample
from gan_tf.metrics.verse import line_ends
from gan_tf.modalities import of
from gan_tf.registry import METRICS


@pytest.fixture
def source(tmp_path):
    lines, rhymes = tmp_path / "lines.txt", tmp_path / "rhymes.txt"
    lines.write_text(
        "one two, three night. one three, two light.\none, light night. one.\ntwo day way, gay\n"
    )
    rhymes.write_text("night light\nday way gay\n\n")
    return TextFile(str(lines), rhymes=str(rhymes))


def score(name, source, texts, real=None):
    modality = of(source)

    def sample(texts):
        rows = np.zeros((len(texts), source.sample_shape[0]), np.int32)
        for row, text in zip(rows, texts):
            found = modality.indices(text)
            row[: len(found)] = found
        return Sample(rows, np.zeros((len(rows), 1)))

    metric = METRICS.build(name, {"source": source, "modality": modality})
    return metric(sample(real or texts), sample(texts)).value


def test_lines_end_at_marks():
    assert line_ends(["a", "b", ",", "c", ".", ".", " ", "d", " "]) == ["b", "c", "d"]
    assert line_ends(["..", ","]) == []


def test_rhyme_is_of_different_words_at_the_ends_of_two_lines(source):
    night = "one , two night . one , two {} ."
    texts = [night.format(each) for each in ("light", "night", "day")]
    assert score("rhyme", source, texts) == pytest.approx(1 / 3)
    assert score("rhyme(first=1, second=2)", source, ["day , way .", "day way"]) == 0.5
    with pytest.raises(UserError, match="lines have the numbers 1, 2, 3"):
        METRICS.build("rhyme(first=0)")


def test_line_form_is_a_frequent_form_of_real_lines(source):
    real = ["one two , three .", "two one , night ."] * 50 + ["one"]  # of which it is one of 101
    fakes = ["day day , day .", "day , day day .", "day day , day ,", "day"]
    assert score("line_form", source, fakes, real) == 0.25


def test_rhyme_needs_a_file_of_rhymes(source):
    without = TextFile(source.path)
    assert (source.knows, without.knows) == (("text", "rhymes"), ("text",))
    with pytest.raises(UserError, match="needs --dataset=text_file with --rhymes"):
        Evaluator(_data(without), "", "ngrams", ["rhyme"], source=without)


def _data(source):
    from gan_tf.data import pipeline

    return pipeline.load(source, 1 << 20)
