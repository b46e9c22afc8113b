"""The log of a run, which can be a stranger's."""

import os

import pytest

from gan_tf.errors import UserError
from gan_tf.runs import metrics_log


@pytest.fixture
def path(tmp_path):
    return tmp_path / "metrics.jsonl"


def test_rows_come_back_and_malformed_ones_are_skipped(path):
    path.write_text(
        '{"step": 1, "fid": 2.5}\n{"step": 2, "fid": NaN}\n[]\n{"step": true}\n{"fid": 1}\n'
        '{"step": 1e999}\n{"step": -1}\n{"step": 3, "fid": "x"}\n\xff\n{"step": 4, "fi'
    )
    first, second = metrics_log.rows(path)
    assert first == {"step": 1, "fid": 2.5} and second["step"] == 2
    assert metrics_log.read(path, "fid")[0] == (1, 2.5)
    assert metrics_log.rows(path.with_name("missing")) == []


def test_numbers_and_lines_beyond_any_use_are_skipped(path):
    digits = "9" * 400
    lines = [
        f'{{"step": {digits}}}',
        f'{{"step": 1, "fid": {digits}}}',
        f'{{"step": 1, "fid": -{"9" * 5000}}}',
        '{"step": 1, "fid": ' + "[" * 100_000,
        '{"step": 1, ' + ", ".join(f'"n{each}": 0' for each in range(2000)) + "}",
        '{"step": 1, "fid": ' + " " * 100_000 + "1}",
        '{"step": 5, "fid": 1}',
    ]
    path.write_text("\n".join(lines))
    assert metrics_log.rows(path) == [{"step": 5, "fid": 1}]


def test_a_sparse_log_and_a_pipe_are_refused(path):
    with open(path, "wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(UserError, match="too large"):
        metrics_log.rows(path)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(UserError, match="not a regular file"):
        metrics_log.rows(path)


def test_a_log_of_zeros_takes_no_memory_and_too_many_values_are_refused(path, monkeypatch):
    path.write_bytes(bytes(8 << 20) + b'\n{"step": 1}\n')
    assert metrics_log.rows(path) == [{"step": 1}]
    monkeypatch.setattr(metrics_log, "_MOST_VALUES", 10)
    path.write_text('{"step": 1, "a": 1}\n')
    assert metrics_log.rows(path) == [{"step": 1, "a": 1}]
    path.write_text('{"step": 1, "a": 1}\n' * 2)
    with pytest.raises(UserError, match="more than 10 values"):
        metrics_log.rows(path)
