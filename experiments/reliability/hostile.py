"""Attacks the page and sends hostile run directories: `python -m experiments.reliability.hostile`.

First the page of a run: requests from many threads, sensible and not, while slow clients hold
connections and the run is deleted. Then each run directory of `hostile_runs`, in a process of its
own, is sampled from, shown by the page, inverted and resumed. Each must be used, or refused in one
sentence, without a file outside being read or written, without hanging, in bounded memory.
"""

import collections
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import random
import re
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import numpy as np

from experiments.reliability import fuzz, hostile_runs
from experiments.reliability.forks import fork, last_lines, snapshot
from gan_tf.errors import UserError
from gan_tf.files.atomic_write import write
from gan_tf.options import flags
from gan_tf.options.option import check, option

EXAMPLES = (
    "python -m experiments.reliability.hostile --json=hostile.json",
    "python -m experiments.reliability.hostile --requests=100 --slow_clients=20 --only=encoder",
)
_SECRET = b"the secret of this machine"
_SECONDS = 120  # without a result: it hangs
_PATHS = (
    *("/", "/api/run", "/api/training", "/api/directions", "/reals.png", "/snapshots/2.png"),
    *("/image.png?seed={n}", "/image.png?seed={n}&to=3&share=0.5", "/image.png?seed={n}&move=0:2"),
    *("/image.png?seed=x", "/snapshots/../flags.txt", "/snapshots/{nines}.png", "/nothing"),
    *("/image.png?seed={nines}", "/image.png?" + "a=1&" * 500, "/static/..%2fserver.py"),
)


@dataclasses.dataclass(frozen=True)
class Options:
    """How much; every field is documented by its own text."""

    requests: int = option(2000, "Options", "to the page", low=0)
    threads: int = option(16, "Options", "that send them", low=1)
    slow_clients: int = option(400, "Options", "that send half a request and wait", low=0)
    only: str = option("", "Options", "only run directories whose names contain this")
    memory_mb: int = option(3000, "Options", "that a process may take", low=100)
    seed: int = option(0, "Options", "of the order of the requests", low=0, high=2**31 - 1)
    json: str | None = option(None, "Output", "write the counts to this file", path=True)


def main(argv):
    """Runs both attacks; returns 0 if nothing got through."""
    options, _ = flags.parse(Options, argv, "Attacks the page and run directories.", EXAMPLES)
    check(options)
    with flags.quiet_import():
        import gan_tf.evaluation.run_scores
        import gan_tf.explorer.server
        import gan_tf.inversion.encoder
        import gan_tf.training.loop  # noqa: F401 (for the forks)
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        report = Hostile(options, pathlib.Path(folder)).run()
    for name, value in report.items():
        if name != "failures":
            print(f"{name:<32} {value}")
    for each in report["failures"]:
        print(each.encode("unicode_escape").decode())
    if options.json:
        write(options.json, (json.dumps(report, indent=1) + "\n").encode())
    return 1 if report["failures"] else 0


class Hostile:
    """Both attacks, in a temporary folder."""

    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.outside, self.seeds = folder / "outside", folder / "seeds"
        self.outside.mkdir()
        (self.outside / "secret.txt").write_bytes(_SECRET)
        (folder / "home").mkdir()
        os.environ["XDG_CACHE_HOME"] = str(folder / "home")

    def run(self):
        """Returns the counts by name, and "failures", a list of sentences."""
        told = []
        problem, _ = fork(lambda send: self._prepare(), told.append, _SECONDS)
        if problem:
            raise RuntimeError(f"The run could not be made: {problem} {told}")
        failures = []
        report = self._attack_page(failures) if self.options.requests else {}
        report |= self._try_runs(failures)
        return report | {"failures": failures}

    def _prepare(self):
        """Makes a good run with an encoder, and the secret picture."""
        from gan_tf.inversion import encoder
        from gan_tf.modalities.image import png
        from gan_tf.runs.trained_run import TrainedRun

        fuzz.prepare(self.seeds)
        trained = TrainedRun(self.seeds / "run")
        made = encoder.build(trained.config, trained.sample_shape)
        encoder.store(trained, made, 1, encoder.OBJECTIVES, 0)
        picture = np.random.default_rng(7).integers(0, 256, (64, 64, 3), np.uint8)
        write(self.outside / "secret.png", png(picture, {"Software": "", "Description": "secret"}))

    def _try_runs(self, failures):
        """Tries every case in a fork; returns counts."""
        counts, peak, names = collections.Counter(), 0, []
        before = snapshot(self.outside)
        for name, change in hostile_runs.cases().items():
            if self.options.only not in name:
                continue
            names.append(name)
            results = []
            made, _ = fork(lambda send, change=change: self._make(change), print, _SECONDS)
            if made:
                raise RuntimeError(f"{name} could not be made: {made}")
            problem, memory = fork(self._try, results.append, _SECONDS)
            peak = max(peak, memory)
            failed = [each for each in results if not each.endswith((" used", " refused"))]
            failed += [problem] if problem else []
            failed += [f"{memory:,} MB"] if memory > self.options.memory_mb else []
            if snapshot(self.outside) != before:
                failed.append("files outside were written")
                before = snapshot(self.outside)
            failures += [f"{name}: {each}" for each in failed]
            print(f"{name}: {', '.join(results)}; {memory:,} MB", file=sys.stderr, flush=True)
            counts["hangs"] += bool(problem) and "hangs" in problem
            counts["used"] += any(each.endswith(" used") for each in results)
            counts["read or written outside"] += any("outside" in each for each in failed)
        return {
            "run directories": len(names),
            "used by some command": counts["used"],
            "hangs": counts["hangs"],
            "read or written outside": counts["read or written outside"],
            "peak MB of a run directory": peak,
        }

    def _make(self, change):
        """Makes a hostile run directory."""
        run = self.folder / "case" / "run"
        shutil.rmtree(run.parent, ignore_errors=True)
        shutil.copytree(self.seeds / "run", run)
        change(run, self.outside)

    def _try(self, send):
        """Tries it with each command; sends a line for each."""
        home = self.folder / "case"
        os.chdir(home)
        opened = _watch(self.outside)
        for command in (_generated, _shown, _encoded, _resumed):
            try:
                command(self.seeds, home / "run")
                outcome = "used"
            except UserError as error:
                outcome = "refused" if len(str(error)) < 2000 else "an endless message"
            except BaseException:
                outcome = f"crash {last_lines()}"
            send(f"{command.__name__[1:]}: {outcome}")
        if opened:
            send(f"read outside: {sorted(opened)}")
        for each in (home / "run").rglob("*"):
            plain = each.is_file() and not each.is_symlink() and each.stat().st_size < 1 << 26
            if plain and _SECRET in each.read_bytes():
                send(f"copied from outside: {each}")

    def _attack_page(self, failures):
        """Sends requests to the page of a run that is deleted meanwhile; returns figures."""
        home = self.folder / "page"
        shutil.copytree(self.seeds / "run", home / "run")
        process = subprocess.Popen(
            [sys.executable, "-m", "gan_tf.explore", f"--run_dir={home / 'run'}", "--port=0"],
            stdout=subprocess.PIPE,
            text=True,
        )
        slow = []
        try:
            port = int(re.search(r"localhost:(\d+)", process.stdout.readline())[1])
            for _ in range(self.options.slow_clients):
                slow.append(socket.create_connection(("127.0.0.1", port), timeout=60))
                slow[-1].sendall(b"GET / HTTP/1.1\r\nHost: local")
            draw = random.Random(self.options.seed)
            paths = [
                draw.choice(_PATHS).format(n=draw.randrange(10**6), nines="9" * 5000)
                for _ in range(self.options.requests)
            ]
            with concurrent.futures.ThreadPoolExecutor(self.options.threads) as pool:
                answers = [pool.submit(_get, port, path) for path in paths]
                answers[len(answers) // 2].result()
                shutil.rmtree(home / "run")
                answers = [each.result() for each in answers]
            statuses = collections.Counter(status for status, _ in answers)
            failures += [
                f"page: {path[:100]}: {status}"
                for path, (status, _) in zip(paths, answers)
                if not 200 <= status < 500
            ]
            return {
                "requests": len(answers),
                "slow clients": len(slow),
                "statuses": dict(sorted(statuses.items())),
                "slowest answer, s": round(max(seconds for _, seconds in answers), 1),
                **_facts(process.pid),
            }
        finally:
            process.kill()
            process.communicate()
            for each in slow:
                each.close()


def _get(port, path):
    """(status, seconds) of a request; status 0: no answer."""
    began = time.monotonic()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=_SECONDS) as answer:
            answer.read()
            status = answer.status
    except urllib.error.HTTPError as error:
        status = error.code
    except OSError:
        status = 0
    return status, time.monotonic() - began


def _facts(pid):
    """Memory, threads and descriptors of a process."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return {
        "peak MB of the page": int(re.search(r"VmHWM:\s+(\d+)", status)[1]) // 1024,
        "threads of the page": int(re.search(r"Threads:\s+(\d+)", status)[1]),
        "descriptors of the page": len(os.listdir(f"/proc/{pid}/fd")),
    }


def _watch(outside):
    """Returns a set that fills with the files outside that this process opens from now on."""
    opened, home = set(), os.path.realpath(outside)

    def hook(event, arguments):
        if event != "open" or not isinstance(arguments[0], str | os.PathLike):
            return
        path, _, mode = arguments
        if mode & os.O_NOFOLLOW and os.path.islink(path):
            return  # which fails
        real = os.path.realpath(path)
        if real.startswith(home) or real == "/etc/passwd":
            opened.add(real)

    sys.addaudithook(hook)
    return opened


def _generated(seeds, run):
    """Draws samples."""
    from gan_tf import generate

    generate.main(["", f"--run_dir={run}", "--num_images=2"])


def _shown(seeds, run):
    """Asks for everything that the page shows."""
    from gan_tf.explorer import server
    from gan_tf.runs.trained_run import TrainedRun

    client = server.app(TrainedRun(run)).test_client()
    for path in (
        "/api/run",
        "/api/training",
        "/reals.png",
        "/snapshots/2.png",
        "/image.png?seed=1",
    ):
        answer = client.get(path)
        if answer.status_code >= 500:
            raise RuntimeError(f"{path}: {answer.status_code}")
        if _SECRET in answer.data or b"Description\0secret" in answer.data:
            raise RuntimeError(f"{path} shows a file outside")


def _encoded(seeds, run):
    """Loads the encoder of the run, as `gan_tf.invert` does."""
    from gan_tf.inversion import encoder
    from gan_tf.runs.trained_run import TrainedRun

    trained = TrainedRun(run)
    if not encoder.stored(trained):
        raise UserError("It has no encoder.")
    encoder.Encoder(trained)(np.zeros((1, *trained.sample_shape), np.float32))


def _resumed(seeds, run):
    """Resumes it with flags of the user."""
    from gan_tf.training import loop

    loop.train(fuzz.run_config(seeds, run, steps=6))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    flags.run(main)
