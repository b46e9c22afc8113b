"""The processes of a run with several workers."""

import subprocess
import sys
import types

import pytest

from gan_tf.errors import UserError
from gan_tf.runtime import worker_processes


@pytest.mark.slow
def test_it_shows_the_worker_that_failed_first_and_waits_for_the_rest(monkeypatch):
    def worker(number, code):
        process = subprocess.Popen([sys.executable, "-c", code])
        reports = []
        return types.SimpleNamespace(
            number=number, process=process, reports=reports, report=lambda: reports.append(1)
        )

    workers = [worker(0, "import time; time.sleep(3); raise SystemExit(1)"), worker(1, "exit(7)")]
    assert worker_processes.wait(workers) == 7
    assert workers[0].process.returncode == 1
    assert [each.reports for each in workers] == [[], [1]]
    monkeypatch.setattr(worker_processes, "_GRACE_PERIOD", 0.5)
    stuck = [worker(0, "import time; time.sleep(60)"), worker(1, "exit(7)")]
    assert worker_processes.wait(stuck) == 7
    assert stuck[0].process.poll() is None
    stuck[0].process.kill()


@pytest.mark.parametrize(
    "visible, shares",
    [("0,1,2", ["0,2", "1"]), ("-1", [None, None]), ("GPU-b,GPU-a", ["GPU-a", "GPU-b"])],
)
def test_it_divides_the_gpus(monkeypatch, visible, shares):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    found = [worker_processes._gpus(number, 2).get("CUDA_VISIBLE_DEVICES") for number in (0, 1)]
    assert found == shares
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0")
    with pytest.raises(UserError, match="1 GPUs for 2 workers"):
        worker_processes._gpus(0, 2)
