"""Commands in forks of a process that has imported TensorFlow, and not used it: seconds less for each."""

import gc
import multiprocessing
import os
import pathlib
import runpy
import subprocess
import sys
import tempfile

from tests.variables import sharing_kernels

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["gan_tf.training.loop"])


def run(module, arguments, env=None, folder=None, timeout=300):
    """Runs `python -m <module>`, which finds TensorFlow imported, in a process of its own.

    Args:
        module: the name.
        arguments: of the command line.
        env: added to the environment.
        folder: the working directory; default: this process's.
        timeout: in seconds, after which it is killed.

    Returns:
        a `subprocess.CompletedProcess`, with text output.

    Raises:
        subprocess.TimeoutExpired: for one that was killed.
    """
    with tempfile.TemporaryDirectory() as outputs:
        files = [pathlib.Path(outputs, name) for name in ("output", "errors")]
        process = _start(module, arguments, env, folder, dict(zip((1, 2), files)))
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired([module, *arguments], timeout)
        texts = [each.read_text() for each in files]
    return subprocess.CompletedProcess([module, *arguments], process.exitcode, *texts)


class Fork:
    """The same, with pipes to it and from it, in place of a `subprocess.Popen` with text.

    It ends with this process, if nobody has waited for it.

    Args:
        module: the name.
        arguments: of the command line.

    Attributes:
        pid: of the process.
        stdin: what is written here is its input.
        stdout: its output; its errors go where those of this process go.
    """

    def __init__(self, module, arguments):
        with tempfile.TemporaryDirectory() as pipes:
            paths = [pathlib.Path(pipes, name) for name in ("input", "output")]
            for each in paths:
                os.mkfifo(each)
            files = dict(enumerate(paths))
            self._process = _start(module, arguments, None, None, files, daemon=True)
            self.pid = self._process.pid
            self.stdin = open(paths[0], "w")  # noqa: SIM115 (its user closes it)
            self.stdout = open(paths[1])  # noqa: SIM115

    def wait(self):
        """Waits for its end; returns its exit status."""
        self._process.join()
        self.stdout.close()
        return self._process.exitcode


def _start(module, arguments, env, folder, files, daemon=False):
    work = list(map(str, arguments)), str(folder or os.getcwd()), os.environ | (env or {}), files
    process = _CONTEXT.Process(target=_run, args=(module, *work), daemon=daemon)
    process.start()
    return process


def _run(module, arguments, folder, environment, files):
    for number, path in files.items():
        with open(path, "wb" if number else "rb") as file:
            os.dup2(file.fileno(), number)
    if 0 in files:
        sys.stdin = open(0, closefd=False)  # noqa: SIM115 (that of multiprocessing is empty)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:0] = filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))
    sys.argv = [module, *arguments]
    gc.freeze()  # what is imported stays
    with sharing_kernels():
        runpy.run_module(module, run_name="__main__", alter_sys=True)
