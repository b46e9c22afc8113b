"""Contenders in separate processes, measured alternately."""

import json
import statistics
import subprocess
import sys

from experiments.bench import machine
from gan_tf.errors import UserError


class Contender:
    """An object in a separate process; methods are called by name.

    This separates the thread pools of different libraries; a contender is idle, waiting for its
    input, while another is timed.

    Args:
        name: of the row in the table.
        target: "module:Class".
        **arguments: of the class; JSON values.
    """

    def __init__(self, name, target, **arguments):
        self.name = name
        self._watch = machine.Watch()
        command = [sys.executable, "-m", "experiments.bench.worker", target, json.dumps(arguments)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def wait(self):
        """Waits until the object is created."""
        self._reply()

    def call(self, method, *arguments):
        """Calls a method of the object; returns its result."""
        print(json.dumps([method, *arguments]), file=self._process.stdin, flush=True)
        return self._reply()

    def timed(self, method, repetitions):
        """Calls a method that returns seconds, and records the CPU usage meanwhile."""
        return self._watch.call(
            lambda: self.call(method, repetitions), lambda: machine.cpu_seconds(self._process.pid)
        )

    def disturbed(self):
        """Returns the share of the machine that other processes took while this one was timed."""
        return self._watch.share

    def peak_memory(self):
        """Returns the most memory that the process has held so far, in bytes."""
        return self.call("peak_memory")

    def close(self):
        """Ends the process."""
        self._process.stdin.close()
        self._process.wait()

    def _reply(self):
        line = self._process.stdout.readline()
        if not line:
            raise UserError(f"The contender '{self.name}' has failed, for the reason above.")
        return json.loads(line)


class Contest:
    """Contenders that are all started, and ended when the context ends.

    Args:
        contenders: [(name, target, arguments)].
    """

    def __init__(self, contenders):
        self._wanted = contenders

    def __enter__(self):
        self.contenders = [
            Contender(name, target, **arguments) for name, target, arguments in self._wanted
        ]
        for each in self.contenders:
            each.wait()
            print(f"{each.name} is ready.", file=sys.stderr)
        return self

    def __exit__(self, *_):
        for each in self.contenders:
            each.close()

    def ask(self, method, *arguments):
        """Calls a method of each; returns {name: result}."""
        return {each.name: each.call(method, *arguments) for each in self.contenders}

    def disturbed(self):
        """Returns {name: the share of the machine that other processes took meanwhile}."""
        return {each.name: each.disturbed() for each in self.contenders}

    def peak_memory(self):
        """Returns {name: bytes}."""
        return {each.name: each.peak_memory() for each in self.contenders}

    def rates(self, rounds, method, per_call, seconds=1.5):
        """Times a method, which takes a number of repetitions and returns how long they took.

        In each round each contender has its turn; the first of a round is the second of the previous one.
        The number of repetitions that fills `seconds` is determined beforehand.

        Args:
            rounds: the number of rounds.
            method: its name.
            per_call: the output of one repetition, e.g. in images.
            seconds: the target duration of a timing.

        Returns:
            {name: [per second, per round]}.
        """
        repetitions = {}
        for each in self.contenders:
            each.call(method, 1)
            repetitions[each.name] = max(1, round(seconds / each.call(method, 1)))
            if repetitions[each.name] > 1:  # a single one is a coarse guess
                taken = each.call(method, repetitions[each.name]) / repetitions[each.name]
                repetitions[each.name] = max(1, round(seconds / taken))
        return in_turns(
            rounds,
            {
                each.name: lambda each=each: (
                    per_call * repetitions[each.name] / each.timed(method, repetitions[each.name])
                )
                for each in self.contenders
            },
        )


def matrix_peak():
    """Returns the FLOP/s of the fastest matrix product of TensorFlow on this machine."""
    target = "experiments.bench.matrix_products:MatrixProducts"
    with Contest([("matrix products", target, {})]) as contest:
        [peak] = contest.ask("matrix_peak").values()
    return peak


def in_turns(rounds, measures, written="{:,.4g}".format):
    """Measures in rounds; each round begins with another contender.

    Args:
        rounds: the number of rounds.
        measures: {name: function without arguments}.
        written: a function that returns a result as text, for a line about each round.

    Returns:
        {name: [result, per round]}.
    """
    names = list(measures)
    found = {name: [] for name in names}
    for turn in range(rounds):
        for index in range(len(names)):
            name = names[(turn + index) % len(names)]
            found[name].append(measures[name]())
        line = ", ".join(f"{name} {written(values[-1])}" for name, values in found.items())
        print(f"Round {turn + 1} of {rounds}: {line}", file=sys.stderr, flush=True)
    return found


def medians(found):
    """Returns {name: median} of {name: [values]}."""
    return {name: statistics.median(values) for name, values in found.items()}


def ratio(found, name, other):
    """Returns the median over the rounds of the ratio of two contenders' values."""
    return statistics.median(a / b for a, b in zip(found[name], found[other]))
