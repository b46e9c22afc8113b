"""Signals while Python cannot handle any."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.conftest import ROOT

# As TensorFlow does: a handler of its own, and a function that does not let Python run.
WAIT = """
import ctypes, signal, sys
from gan_tf.runtime.waiting import signals_end_it

native = ctypes.PyDLL(None)
handler = ctypes.CFUNCTYPE(None, ctypes.c_int)(("abs", native))
with signals_end_it():
    native.signal(signal.SIGTERM, handler)
    print("waiting", flush=True)
    native.sleep(int(sys.argv[1]))
print("over", flush=True)
signal.pause()
"""


def start(seconds, **options):
    command = [sys.executable, "-c", WAIT, str(seconds)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=ROOT, stdout=pipe, text=True, **options)
    assert process.stdout.readline() == "waiting\n"
    return process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_process_that_waits(number):
    process = start(60)
    process.send_signal(number)
    assert process.wait(20) == -signal.SIGINT
    process.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_afterwards_signals_are_as_before(number):
    process = start(0)
    assert process.stdout.readline() == "over\n"
    process.send_signal(number)
    assert process.wait(20) == -number
    process.stdout.close()


RESTART = """
import os, signal, sys
from gan_tf.runtime.waiting import restart_with_sigterm_blocked

print(os.getpid(), sys.argv[1:], signal.pthread_sigmask(signal.SIG_BLOCK, []), flush=True)
restart_with_sigterm_blocked()
"""


def test_a_program_restarts_once_with_sigterm_blocked():
    process = subprocess.run(
        [sys.executable, "-c", RESTART, "--a b"], cwd=ROOT, capture_output=True, text=True
    )
    first, second = process.stdout.splitlines()
    assert first.endswith("['--a b'] set()")
    assert second == first.replace("set()", "{<Signals.SIGTERM: 15>}")


@pytest.mark.slow
def test_the_helper_ends_with_the_process():
    process = start(60)
    children = f"/proc/{process.pid}/task/{process.pid}/children"
    with open(children) as file:
        (helper,) = map(int, file.read().split())
    process.kill()
    process.wait()
    process.stdout.close()
    until = time.monotonic() + 20
    while os.path.exists(f"/proc/{helper}") and time.monotonic() < until:
        time.sleep(0.05)
    assert not os.path.exists(f"/proc/{helper}")
