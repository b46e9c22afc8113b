"""The process of a contender: `python -m experiments.bench.worker module:Class '{"argument": 1}'`.

It creates the object, then for each line of its input, a JSON list of a method's name and arguments,
calls that method and answers with a line of JSON.
"""

import importlib
import json
import os
import pathlib
import re
import resource
import sys

from gan_tf.options import flags


def main(argv):
    """Serves until its input ends; returns the exit status."""
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no reply
    module, name = argv[1].split(":")
    with flags.quiet_import():
        kind = getattr(importlib.import_module(module), name)
    contender = kind(**json.loads(argv[2]))
    print(json.dumps("ready"), file=replies, flush=True)
    for line in sys.stdin:
        method, *arguments = json.loads(line)
        called = peak_memory if method == "peak_memory" else getattr(contender, method)
        print(json.dumps(called(*arguments)), file=replies, flush=True)
    return 0


def peak_memory():
    """Returns the peak memory of this process so far, in bytes."""
    status = pathlib.Path("/proc/self/status")
    if status.exists():  # getrusage counts the parent's before exec too
        return 1024 * int(re.search(r"VmHWM:\s*(\d+)", status.read_text())[1])
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    flags.run(main)
