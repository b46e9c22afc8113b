"""Clients that are slow, silent or many do not stop the page."""

import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.conftest import ROOT

_SERVER = """
import resource, socket, sys
from gan_tf.explorer import server
from gan_tf.runs.run_dir import RunDir
server._LIMITS |= {"channel_timeout": 2, "cleanup_interval": 1}
resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200))
with socket.create_server(("127.0.0.1", 0)) as listener:
    print(listener.getsockname()[1], flush=True)
    server.serve(RunDir(sys.argv[1]), "last", "127.0.0.1", listener)
"""


@pytest.mark.slow
def test_silent_clients_are_dropped_and_others_served_meanwhile(explored):
    """With 200 descriptors, and 150 clients that send half a request and no more."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(explored.run.path)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    silent = []
    try:
        port = int(process.stdout.readline())
        assert "http://localhost" in process.stdout.readline()

        def get():
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/run", timeout=30) as response:
                return response.status

        assert get() == 200
        for _ in range(150):
            each = socket.create_connection(("127.0.0.1", port), timeout=30)
            each.sendall(b"GET / HTTP/1.1\r\nHost: loc")
            silent.append(each)
        busy = _processor_seconds(process.pid)
        began = time.monotonic()
        assert get() == 200
        time.sleep(max(0, 4 - (time.monotonic() - began)))
        assert _processor_seconds(process.pid) - busy < 3  # it does not spin
        assert silent[0].recv(1000) == b""  # dropped
    finally:
        process.kill()
        process.communicate()
        for each in silent:
            each.close()


def _processor_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
