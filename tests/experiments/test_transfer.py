"""The transfer experiment: its configurations, its table, and that it goes on where it stopped."""

import dataclasses
import json

from experiments.transfer import __main__ as transfer


def options(tmp_path, **changes):
    made = transfer.Options(runs=str(tmp_path / "runs"), out=str(tmp_path / "rows.jsonl"))
    return dataclasses.replace(made, **changes)


def test_ways_differ_in_how_they_begin_alone(tmp_path):
    ways = {way: transfer._target(options(tmp_path), way, 3) for way in transfer.ARMS}
    plain = ways.pop("from scratch")
    assert plain.init_from is None
    assert plain.max_images == 100
    for config in ways.values():
        names = {name for name, *_ in config.conflicts(plain)}
        assert "init_from" in names
        assert names <= {"init_from", "freeze_discriminator"}
    assert {config.freeze_discriminator for config in ways.values()} == {0, 2, 3}
    assert len({config.run_dir for config in ways.values()}) == len(ways)
    source = transfer._config(options(tmp_path), transfer.SOURCE, "source", 0)
    assert ways["transfer"].init_from == source.run_dir
    assert not set(source.classes) & set(plain.classes) - {","}


def row(way, seed, step, fid):
    return {"way": way, "seed": seed, "images": 100, "step": step, "fid": fid}


def test_table_gives_mean_and_deviation():
    found = [row("transfer", seed, 10, fid) for seed, fid in enumerate((10.0, 14.0))]
    found += [row("from scratch", 0, 20, 5.0)]
    assert transfer.table(found)[:4] == [
        "| 100 images | FID, step 10 | FID, step 20 | runs |",
        "|---|---|---|---|",
        "| from scratch |  | 5 | 1 |",
        "| transfer | 12 ± 2.8 |  | 0 |",
    ]


def test_runs_that_are_there_are_not_run_again(tmp_path, monkeypatch, capsys):
    ran = []
    monkeypatch.setattr(transfer, "_run", lambda options, missing: ran.extend(missing))
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(row("transfer", 1, 900, 3.0)) + "\n")
    command = ["", f"--out={path}", "--seeds=2"]
    transfer.main(command)
    everything = {(way, seed) for way in transfer.ARMS for seed in range(2)}
    assert set(ran) == everything - {("transfer", 1)}
    assert "| transfer | 3 | 1 |" in capsys.readouterr().out
    transfer.main([*command, "--table"])
    assert len(ran) == len(everything) - 1
