"""The experiment with attributes in z and in w."""

import json

import numpy as np
import pytest

from experiments.separability import __main__ as separability
from gan_tf.errors import UserError


@pytest.mark.parametrize(
    "counts, expected",
    [
        ([[30, 0], [0, 10]], 0),  # the classifier says it all
        ([[20, 20], [20, 20]], np.log(2)),  # and nothing
        ([[5, 15], [0, 0]], -(0.25 * np.log(0.25) + 0.75 * np.log(0.75))),
        ([[10, 0], [5, 5]], np.log(2) / 2),
    ],
)
def test_the_conditional_entropy_of_counts(counts, expected):
    assert separability.conditional_entropy(np.array(counts)) == pytest.approx(expected)


def test_what_is_linear_is_separated_and_what_is_not_is_not():
    random = np.random.default_rng(0)
    inputs = random.standard_normal((4000, 3)) * [1, 10, 0.1] + [5, 0, 0]
    logits = np.stack(
        [
            inputs[:, 0] - 5 + 3 * inputs[:, 2],  # linear
            inputs[:, 1] * (inputs[:, 0] - 5),  # an exclusive or
            np.full(4000, 3.0),  # all have it
        ],
        axis=1,
    )
    found = separability.separability(inputs, logits, ("linear", "either", "all"), steps=300)
    assert list(found["entropies"]) == ["linear", "either"]
    assert found["entropies"]["linear"] < 0.02
    assert found["entropies"]["either"] == pytest.approx(np.log(2), abs=0.02)
    assert found["score"] == pytest.approx(np.exp(sum(found["entropies"].values())))
    assert found["accuracy"] == pytest.approx(0.75, abs=0.05)


def test_only_labels_that_the_network_is_certain_of_count():
    """Half of the labels are wrong, and these are the uncertain ones."""
    inputs = np.random.default_rng(0).standard_normal((2000, 2))
    certain = np.arange(2000) % 4 < 2
    logits = np.where(certain, 2.0, -1.0) * np.sign(inputs[:, 0])
    found = separability.separability(inputs, logits[:, None], ("side",), steps=300)
    assert found["accuracy"] > 0.98


def test_the_table_has_a_row_for_each_space(tmp_path, capsys):
    row = {"run": "x", "step": 1000, "space": "w", "score": 12.345, "accuracy": 0.87654}
    path = tmp_path / "results.jsonl"
    path.write_text(json.dumps(row | {"entropies": {"a": 1.0, "b": 0.5}}) + "\n")
    assert separability.main(["", f"--table={path}"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "| x | 1,000 | w | 12.3 | 0.877 | 2 |"


@pytest.mark.slow
def test_a_run_is_measured_in_both_spaces(style_run, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(separability, "STEPS", 50)
    path = tmp_path / "results.jsonl"
    arguments = [f"--run_dir={style_run}", "--num_images=200", f"--out={path}"]
    with pytest.raises(UserError, match=r"'random_conv' of .* recognize no attributes"):
        separability.main(["", *arguments])
    assert separability.main(["", *arguments, "--features=celeb_a_attributes"]) == 0
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(each["space"], each["images"]) for each in rows] == [("z", 200), ("w", 200)]
    assert all(1 <= each["score"] < 2**40 for each in rows)
    assert "| run | 0 | w |" in capsys.readouterr().out
