"""Commands in forks of a process that has imported TensorFlow, and not used it: seconds less for each."""

import multiprocessing
import os
import pathlib
import runpy
import subprocess
import sys
import tempfile

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
    arguments, folder = list(map(str, arguments)), str(folder or os.getcwd())
    with tempfile.TemporaryDirectory() as outputs:
        files = [pathlib.Path(outputs, name) for name in ("output", "errors")]
        work = module, arguments, folder, os.environ | (env or {}), files
        process = _CONTEXT.Process(target=_run, args=work)
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired([module, *arguments], timeout)
        texts = [each.read_text() for each in files]
    return subprocess.CompletedProcess([module, *arguments], process.exitcode, *texts)


def _run(module, arguments, folder, environment, files):
    for number, path in zip((1, 2), files):
        with open(path, "wb") as file:
            os.dup2(file.fileno(), number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:0] = filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
