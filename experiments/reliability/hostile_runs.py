"""Run directories that a stranger could send: each case changes a good one."""

import hashlib
import io
import json
import os
import pathlib
import shutil
import zipfile

import h5py

_DATA = "state.data-00000-of-00001"
_PLACES = (
    *("flags.txt", "data.json", "metrics.jsonl", "health.json", "skipped.txt", ".lock"),
    *("samples", "checkpoints", "best", "logs", "generated", "generated/seed0", "encoder.keras"),
    *("encoder.json", "samples/step-00000002.png", "samples/animation.gif", "exported/keras"),
)
_FILES = ("flags.txt", "data.json", "metrics.jsonl", "health.json", "encoder.json", ".lock")
_DIGITS = "9" * 400
_FLAGS = {
    "help": "--help",
    "help of one": "--help=loss",
    "flagfile": "--flagfile={outside}/secret.txt",
    "undefok": "--undefok=x",
    "gigantic network": "--width=4096\n--latent_dim=4096",
    "nested arguments": "--arch=mlp(" + "[" * 100_000 + ")",
    "escape": "--loss=\x1b]0;owned\x07",
    "features": "--features=keras_model('{outside}/secret.txt')",
    "cache": "--cache_dir={outside}",
    "long line": "--arch=" + "x" * 500_000,
}
_DATA_CHANGES = {
    "gigantic sample": {"sample_shape": [1024, 1024, 3]},
    "many labels": {"label_names": ["x"] * 1_000_000},
    "escaping label": {"label_names": ["\x1b[2J", "../../../outside"]},
    "gigantic count": {"num_examples": 10**18},
    "nested": {"label_names": [[[[["x"]]]]]},
}
_LOGS = {
    "nested": '{"step": 1, "x": ' + "[" * 100_000,
    "digits": f'{{"step": {_DIGITS}, "generator_loss": {_DIGITS}}}\n',
    "infinite": '{"step": 1e999, "generator_loss": 1e999}\n{"step": 3, "generator_loss": 1e999}\n',
    "values": f'{{"step": 2, "generator_loss": {_DIGITS}, "verdict": "x", "findings": []}}\n',
    "names": "".join(f'{{"step": 1, "name{each}": 1}}\n' for each in range(100_000)),
    "rows": '{"step": 1, "generator_loss": 1}\n' * 3_000_000,
    "escape": '{"verdict": "\\u001b]0;owned\\u0007", "step": 1, "findings": [], "rollbacks": []}',
}


def cases():
    """Returns {name: function(run, outside)}; each changes the run directory at `run`."""
    found = {}
    for place in _PLACES:
        found[f"{place} links outside"] = lambda run, outside, p=place: _link(run / p, outside)
        found[f"{place} links to /dev/zero"] = lambda run, _, p=place: _link(run / p, "/dev/zero")
    for file in _FILES:
        found[f"{file} is a pipe"] = lambda run, _, f=file: _pipe(run / f)
        found[f"{file} is sparse"] = lambda run, _, f=file: _sparse(run / f)
    for name, line in _FLAGS.items():
        found[f"flags.txt: {name}"] = lambda run, outside, text=line: _append(
            run / "flags.txt", text.replace("{outside}", str(outside))
        )
    for name, change in _DATA_CHANGES.items():
        found[f"data.json: {name}"] = lambda run, _, c=change: _edit(run / "data.json", c)
    for file in ("metrics.jsonl", "health.json"):
        for name, text in _LOGS.items():
            found[f"{file}: {name}"] = lambda run, _, f=file, t=text: (run / f).write_text(t)
    return found | _of_checkpoints() | _of_encoders()


def _of_checkpoints():
    def extra(make):
        return lambda run, outside: [make(each, outside) for each in _checkpoints(run)]

    def named(name, content):
        def make(folder, outside):
            digests = json.loads((folder / "sha256.json").read_text())
            digests[name.format(outside=outside)] = hashlib.sha256(content).hexdigest()
            (folder / "sha256.json").write_text(json.dumps(digests))

        return make

    def changed(file, change):
        def make(folder, _):
            (folder / file).write_bytes(change((folder / file).read_bytes()))
            named(file, (folder / file).read_bytes())(folder, None)

        return make

    secret = b"the secret of this machine"
    return {
        "checkpoint: link": extra(lambda folder, o: _link(folder / "key", o / "secret.txt")),
        "checkpoint: link to /dev/zero": extra(lambda folder, _: _link(folder / "z", "/dev/zero")),
        "checkpoint: data is a link": extra(lambda f, o: _link(f / _DATA, o / "secret.txt")),
        "checkpoint: pipe": extra(lambda folder, _: _pipe(folder / "state.index")),
        "checkpoint: sparse": extra(lambda folder, _: _sparse(folder / _DATA)),
        "checkpoint: another shard": extra(
            lambda folder, o: _link(folder / "state.data-00001-of-00002", o / "secret.txt")
        ),
        "checkpoint: digest outside": extra(named("{outside}/secret.txt", secret)),
        "checkpoint: digest above": extra(named("../../flags.txt", secret)),
        "checkpoint: short data": extra(changed(_DATA, lambda content: content[:50])),
        "checkpoint: broken index": extra(changed("state.index", lambda c: c[:-60] + bytes(60))),
        "checkpoint: folder is a link": lambda run, outside: _link(
            run / "checkpoints" / "00000009", outside
        ),
    }


def _of_encoders():
    """Forged encoders whose digests are right."""

    def forged(**parts):
        def make(run, _):
            with zipfile.ZipFile(run / "encoder.keras") as archive:
                members = {name: archive.read(name) for name in archive.namelist()}
            for name, change in parts.items():
                member = {"config": "config.json", "weights": "model.weights.h5"}.get(name, name)
                members[member] = change(members.get(member, b""))
            with zipfile.ZipFile(run / "encoder.keras", "w", zipfile.ZIP_DEFLATED) as archive:
                for name, content in members.items():
                    archive.writestr(name, content)
            digest = hashlib.sha256((run / "encoder.keras").read_bytes()).hexdigest()
            _edit(run / "encoder.json", {"file": digest})

        return make

    def hdf5(fill):
        def change(_):
            file = io.BytesIO()
            with h5py.File(file, "w") as root:
                fill(root)
            return file.getvalue()

        return change

    def wider(content):
        return content.replace(b'"units": ', b'"units": 99999999')

    return {
        "encoder: gigantic layers": forged(config=wider),
        "encoder: nested configuration": forged(config=lambda _: b"[" * 100_000),
        "encoder: bomb of weights": forged(weights=lambda _: bytes(1 << 30)),
        "encoder: bomb of configuration": forged(config=lambda _: b" " * (1 << 30)),
        "encoder: bomb of arrays": forged(
            weights=hdf5(lambda root: root.create_dataset("x", (1 << 30,), "f4", compression=9))
        ),
        "encoder: arrays of another file": forged(
            weights=hdf5(
                lambda root: root.create_dataset("x", (4,), "u1", external=[("/etc/passwd", 0, 4)])
            )
        ),
        "encoder: links to another file": forged(
            weights=hdf5(
                lambda root: root.__setitem__("x", h5py.ExternalLink("/elsewhere.h5", "y"))
            )
        ),
        "encoder: members outside": forged(**{"../../../outside/written": lambda _: b"x"}),
    }


def _checkpoints(run):
    folders = [*(run / "checkpoints").iterdir(), *(run / "best").iterdir()]
    return [each for each in folders if each.name.isdecimal()]


def _clear(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)


def _link(path, target):
    target = pathlib.Path(target)
    if path.suffix and target.is_dir():
        target /= "secret.png" if path.suffix in (".png", ".gif") else "secret.txt"
    _clear(path)
    path.symlink_to(target)


def _pipe(path):
    _clear(path)
    os.mkfifo(path)


def _sparse(path):
    _clear(path)
    with open(path, "wb") as file:
        file.truncate(1 << 40)


def _append(path, line):
    path.write_text(f"{path.read_text()}{line}\n")


def _edit(path, change):
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
