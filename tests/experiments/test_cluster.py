"""What starts a training on a cluster, and the calculation of what more devices gain."""

import json
import pathlib
import re
import subprocess
import textwrap

import numpy as np
import pytest

from experiments.cluster import scaling
from gan_tf.networks.dcgan import DCGAN
from tests.conftest import ROOT

FOLDER = pathlib.Path(scaling.__file__).parent


def test_the_manifest_tells_each_pod_who_the_workers_are():
    manifest = (FOLDER / "kubernetes.yaml").read_text()
    script = re.search(r"args:\n +- \|\n(.*?) +env:", manifest, re.DOTALL)[1]
    script = textwrap.dedent(script).replace("exec python -m gan_tf.main", "echo $TF_CONFIG; true")
    pod = {"WORKERS": "3", "JOB_COMPLETION_INDEX": "1", "PATH": "/usr/bin:/bin"}
    printed = subprocess.run(["sh", "-c", script], env=pod, capture_output=True, text=True)
    assert json.loads(printed.stdout) == {
        "cluster": {"worker": [f"gan-tf-{each}.gan-tf:2222" for each in range(3)]},
        "task": {"type": "worker", "index": 1},
    }
    completions, workers = re.search(r"completions: (\d+)", manifest), "- name: WORKERS\n"
    assert f'value: "{completions[1]}"' in manifest.split(workers)[1]


def test_the_slurm_script_is_one():
    subprocess.run(["bash", "-n", FOLDER / "slurm.sh"], check=True)


def test_a_ring_sends_each_byte_about_twice(capsys):
    options = scaling.Options(batch_size=100, teraflops=1.0, gigabytes=1.0, microseconds=0.0)
    scaling._calculate(options, 1e6, 1e9)  # a step of 1 ms, 1 MB: 2 (n - 1) / n ms
    lines = capsys.readouterr().out.splitlines()
    assert "| 1 | 100 | 1.00 | 100,000 | 100% |" in lines
    assert "| 2 | 200 | 2.00 | 100,000 | 50% |" in lines
    assert "| 4 | 400 | 2.50 | 160,000 | 40% |" in lines


def test_waiting_for_the_slowest_is_told_from_the_exchange():
    # Two steps of two exchanges: the second worker is 2 ms late in the first, the other 4 in the second.
    first = [[800, 0, 5000], [40, 10_000, 12_000]]
    second = [[800, 2000, 6000], [40, 6000, 11_000]]
    later = np.array([0, 20_000, 20_000])
    times = np.array([[*first, *(first + later)], [*second, *(second + later)]])
    assert scaling.exchange_costs(np.tile(times, (1, 2, 1)) + 0, 4) == {
        "step": 20.0,
        "waiting": 3.0,
        "sending": 5.0,
        "by_bytes": [[800.0, 1.0, 3.5], [40.0, 2.0, 1.5]],
    }


@pytest.mark.slow
def test_scaling_is_measured(tmp_path, real_data, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)  # where its processes find the package experiments
    command = ["scaling", "--workers=2", "--rounds=1", "--steps=50", "--width=4", "--batch_size=16"]
    assert scaling.main([*command, "--even_if_busy", f"--json={tmp_path}/scaling.json"]) == 0
    printed = capsys.readouterr().out
    assert "| one worker | 16 |" in printed and "| 2 separate runs | 32 |" in printed
    assert re.search(r"Matrix products reach [\d,]+ GFLOP/s", printed)
    assert re.search(r"waits [\d,]+ ms for the slowest, and exchanges take [\d,]+ ms", printed)
    assert "| weak, 2 workers | 32 |" in printed and "| strong, 2 workers | 16 |" in printed
    found = json.loads((tmp_path / "scaling.json").read_text())
    networks = DCGAN(width=4).generator((28, 28, 1), 100), DCGAN(width=4).discriminator((28, 28, 1))
    count = sum(each.size for pair in networks for each in map(np.asarray, pair.trainable_weights))
    assert found["gradient_bytes"] == 4 * count
    assert all(speed > 0 for speeds in found["images_per_second"].values() for speed in speeds)
