"""The experiment with one digit as the anomaly."""

import json

import pytest

from experiments.anomaly import __main__ as anomaly


def row(digit, seed, auroc):
    return {"digit": digit, "seed": seed, "auroc": auroc, "auprc": 0.5}


def test_the_share_of_anomalies_is_that_of_the_published_protocol():
    # 80 % of nine digits are for training: 12,600 normal ones are left beside 7,000 anomalies.
    assert pytest.approx(7_000 / 19_600) == anomaly.SHARE


def test_table_gives_means_over_the_seeds_and_over_all_digits():
    lines = anomaly.table([row(3, 0, 0.7), row(3, 1, 0.9)])
    assert lines[2:] == ["| 3 | 0.800 ± 0.141 | 0.500 ± 0.000 | 2 | 0.94 | 0.87 |"]
    lines = anomaly.table([row(digit, 0, digit / 10) for digit in range(10)])
    assert lines[-1] == "| mean | 0.450 | 0.500 | 10 | 0.855 | 0.718 |"


def test_runs_that_are_there_are_not_run_again(tmp_path, monkeypatch, capsys):
    path, ran = tmp_path / "results.jsonl", []
    path.write_text(json.dumps(row(1, 0, 0.8)) + "\n")

    def run(digit, seed, options):
        ran.append((digit, seed))
        return row(digit, seed, 0.6)

    monkeypatch.setattr(anomaly, "run", run)
    assert anomaly.main(["", f"--out={path}", "--seeds=2", "--digits", "1", "7"]) == 0
    assert ran == [(7, 0), (1, 1), (7, 1)]
    assert len(path.read_text().splitlines()) == 4
    assert "| 1 | 0.700 ± 0.141" in capsys.readouterr().out


@pytest.mark.slow
def test_a_digit_is_left_out_and_told_from_the_others(glyphs_dir, tmp_path, monkeypatch):
    training = f"--dataset=glyphs --data_dir={glyphs_dir} --arch=mlp --width=8 --batch_size=64"
    monkeypatch.setattr(anomaly, "TRAINING", f"{training} --max_images=640")
    path = tmp_path / "results.jsonl"
    arguments = ["--digits=0", "--epochs=1", "--encoder_steps=20", f"--runs={tmp_path}"]
    assert anomaly.main(["", f"--out={path}", *arguments]) == 0
    found = json.loads(path.read_text())
    assert 0 < found["anomalous"] < found["normal"] < 5_000
    for name in ("auroc", "auroc_pixels", "auprc", "auprc_features"):
        assert 0 < found[name] < 1
