"""SIGTERM while TensorFlow waits for other processes, when it blocks Python and catches the signal."""

import contextlib
import os
import signal
import subprocess
import sys
import threading

# A process of its own, since the one that waits holds Python's lock. While SIGTERM is blocked in
# all threads, one that has been sent is pending, and /proc says so.
_HELPER = f"""
import os, signal, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
waiting, mask = int(sys.argv[1]), {1 << (signal.SIGTERM - 1)}
while os.getppid() == waiting:
    with open(f"/proc/{{waiting}}/status") as file:
        pending = [line.split()[1] for line in file if line.startswith(("SigPnd:", "ShdPnd:"))]
    if any(int(each, 16) & mask for each in pending):
        os.kill(waiting, signal.SIGINT)
    time.sleep(0.2)
"""


def restart_with_sigterm_blocked():
    """Replaces this program by itself with SIGTERM blocked, unless it already is.

    Only so do threads that libraries start when they are imported have it blocked too.
    """
    if signal.SIGTERM not in signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM]):
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


@contextlib.contextmanager
def signals_end_it():
    """Lets Ctrl-C and SIGTERM end the process inside, and unblocks SIGTERM at the end.

    Both end it as Ctrl-C does. For SIGTERM this needs Linux and `restart_with_sigterm_blocked`.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # Python handles signals in the main thread only
        return
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    command = [sys.executable, "-I", "-S", "-c", _HELPER, f"{os.getpid()}"]
    helper = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    try:
        yield
    finally:
        helper.kill()
        helper.wait()
        for each, handler in before.items():
            signal.signal(each, handler)  # TensorFlow has set its own
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
