"""Whether two runs have the same result: compares everything they write, except times and paths."""

import hashlib
import json
import zipfile

import numpy as np
import tensorflow as tf
from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator

from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.run_dir import RunDir


def compare(first, second):
    """Compares two run directories.

    Args:
        first, second: their paths.

    Returns:
        {name: (its bytes in the first run, differing bytes)}. Arrays are compared by name and bit by
        bit. Excluded is what must differ: durations, the path in flags.txt, and the dates in .keras
        files and TensorBoard events.
    """
    mine, theirs = contents(RunDir(first)), contents(RunDir(second))
    found = {}
    for name in sorted(mine.keys() | theirs.keys()):
        one, two = mine.get(name, b""), theirs.get(name, b"")
        short, long = sorted((one, two), key=len)
        differing = np.frombuffer(short, np.uint8) != np.frombuffer(long[: len(short)], np.uint8)
        missing = name not in mine or name not in theirs
        found[name] = len(one), int(differing.sum()) + len(long) - len(short) + missing
    return found


def contents(run):
    """Returns {name: bytes} of everything that a run has written."""
    found = {}
    for store in (CheckpointStore(run.checkpoints), CheckpointStore(run.best)):
        for step in store.steps():
            reader = tf.train.load_checkpoint(str(store.path(step) / "state"))
            for name in reader.get_variable_to_shape_map():
                if "OBJECT_GRAPH" not in name:
                    value = np.asarray(reader.get_tensor(name))
                    found[f"{store.directory.name}/{step}/{name}"] = value.tobytes()
    for file in (run.metrics, run.data, *run.samples.iterdir()):
        found[str(file.relative_to(run.path))] = file.read_bytes()
    health = json.loads(run.health.read_text())
    del health["seconds"]
    found["health.json"] = json.dumps(health).encode()
    found["flags.txt"] = run.flags.read_bytes().partition(b"\n")[2]
    if run.generator.exists():
        with zipfile.ZipFile(run.generator) as archive:
            found["generator.keras"] = archive.read("config.json")
    for tag, events in _events(run.logs).items():
        found[f"logs/{tag}"] = repr(events).encode()
    return found


def _events(folder):
    """{tag: [(step, digest of the value)]} as shown by TensorBoard."""
    accumulator = EventAccumulator(str(folder), size_guidance={"tensors": 0})
    accumulator.Reload()
    return {
        tag: [
            (event.step, hashlib.sha256(event.tensor_proto.SerializeToString()).hexdigest()[:16])
            for event in accumulator.Tensors(tag)
        ]
        for tag in accumulator.Tags()["tensors"]
        # The options come with each start; the report is told anew after one.
        if not tag.startswith("_hparams_") and tag != "health"
    }
