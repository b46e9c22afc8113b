"""Feeds corrupt and malicious files to the program: `python -m experiments.reliability.fuzz`.

Images, and files that an attacker might send: run directories, checkpoints, .keras models,
archives, caches, data sets. Each must be used, skipped, or refused in one sentence (a
`UserError`). Anything else is a crash: another exception, a process that dies or hangs, memory
beyond a limit, or a change to files outside the given folders.
"""

import dataclasses
import hashlib
import io
import json
import os
import pathlib
import random
import resource
import shutil
import tempfile
import time
import zipfile

import numpy as np
from PIL import Image

from experiments.reliability import mutations
from experiments.reliability.forks import fork, last_lines, snapshot
from gan_tf.errors import UserError
from gan_tf.files.atomic_write import write
from gan_tf.options import flags
from gan_tf.options.option import check, option

EXAMPLES = ("python -m experiments.reliability.fuzz --images=2000 --archives=500 --json=fuzz.json",)
_SECONDS = 120  # without a result: it hangs
_AT_ONCE = 50  # cases of a process
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")


@dataclasses.dataclass(frozen=True)
class Options:
    """How much; every field is documented by its own text."""

    images: int = option(2000, "Options", "mutated images", low=0)
    archives: int = option(500, "Options", "mutated run directories, models and so on", low=0)
    seed: int = option(0, "Options", "of the mutations", low=0, high=2**31 - 1)
    memory_mb: int = option(3000, "Options", "that a process may take", low=100)
    json: str | None = option(None, "Output", "write the counts to this file", path=True)


def main(argv):
    """Runs all cases; returns 0 if there is no crash."""
    options, _ = flags.parse(Options, argv, "Feeds broken and hostile files.", EXAMPLES)
    check(options)
    with flags.quiet_import():
        import gan_tf.evaluation.run_scores
        import gan_tf.training.loop  # noqa: F401 (for the forks)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        report = Fuzz(options, pathlib.Path(folder)).run()
    print(
        f"{report['images']:,} images: {report['images used']:,} used, {report['images refused']:,} "
        f"left out. {report['archives']:,} others: {report['archives used']:,} used, "
        f"{report['archives refused']:,} refused. {len(report['crashes'])} crashes, "
        f"{report['changes outside']} changes outside, peak {report['peak MB']:,} MB, "
        f"{report['seconds']:,} s."
    )
    for each in report["crashes"]:
        print(f"{each['case']}: {each['reason']}")
    if options.json:
        write(options.json, (json.dumps(report, indent=1) + "\n").encode())
    return 1 if report["crashes"] or report["changes outside"] else 0


class Fuzz:
    """The cases, each determined by a seed, in separate processes."""

    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.outside = folder / "sentinel"
        self.given = folder / "given"
        self.seeds = folder / "seeds"
        (self.outside / "b").mkdir(parents=True)
        (folder / "home").mkdir()
        os.environ["XDG_CACHE_HOME"] = str(folder / "home")
        for name in ("a", "b/c"):
            (self.outside / name).write_text("untouched")

    def run(self):
        """Returns the counts and the crashes."""
        began = time.monotonic()
        self.given.mkdir()
        told = []
        problem, _ = fork(lambda send: prepare(self.seeds), told.append, _SECONDS)
        if problem:
            raise RuntimeError(f"What is to be broken could not be made: {problem} {told}")
        before = snapshot(self.outside), sorted(os.listdir(self.folder))
        found = {"crashes": [], "peak MB": 0}
        for kind, count in (("images", self.options.images), ("archives", self.options.archives)):
            results = self._all(kind, count, found)
            found |= {
                kind: count,
                f"{kind} used": results.count("used"),
                f"{kind} refused": results.count("refused"),
            }
        after = snapshot(self.outside), sorted(os.listdir(self.folder))
        found["changes outside"] = len(set(before[0]) ^ set(after[0])) + (before[1] != after[1])
        return found | {"seed": self.options.seed, "seconds": round(time.monotonic() - began)}

    def _all(self, kind, count, found):
        """Runs the cases of a kind, in as many processes as necessary; returns the outcomes."""
        outcomes, number = [], 0
        while number < count:
            first, results = number, []

            def work(send, first=first):
                os.chdir(self.given)
                for case in range(first, min(first + _AT_ONCE, count)):
                    send(self._case(kind, case))

            problem, peak = fork(work, results.append, _SECONDS)
            found["peak MB"] = max(found["peak MB"], peak)
            number += len(results)
            for case, result in enumerate(results, first):
                if result.startswith("crash"):
                    found["crashes"].append({"case": f"{kind} {case}", "reason": result[6:]})
            if peak > self.options.memory_mb:
                cases = f"{kind} {first} to {number}"
                found["crashes"].append({"case": cases, "reason": f"{peak:,} MB"})
            if problem:
                found["crashes"].append({"case": f"{kind} {number}", "reason": problem})
                results.append("crash")
                number += 1
            outcomes += [each.split()[0] for each in results]
        return outcomes

    def _case(self, kind, number):
        """Creates and tries one case; returns "used", "refused" or "crash ..."."""
        random.seed(f"{self.options.seed} {kind} {number}")
        home = self.given / "case"
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        before = snapshot(self.outside)
        result = self._try(kind, home)
        if changed := set(before) ^ set(snapshot(self.outside)):
            return f"crash: it changed {changed}, and was {result}"
        return result

    def _try(self, kind, home):
        try:
            if kind == "images":
                return _try_image(self.seeds, home)
            name = random.choice(tuple(CASES))
            return CASES[name](self.seeds, home, str(self.outside)) or "used"
        except UserError as error:
            return "refused" if len(str(error)) < 2000 else "crash: an endless message"
        except BaseException:
            return f"crash {last_lines()}"


def prepare(folder):
    """Creates the files to corrupt: images, a run, a model, caches, an archive, a data set."""
    from gan_tf.data import pipeline
    from gan_tf.data.image_folder import ImageFolder
    from gan_tf.training import loop

    photos = folder / "photos"
    rng = np.random.default_rng(0)
    for number in range(24):
        mode = ("RGB", "L", "RGBA", "P")[number % 4]
        pixels = rng.integers(0, 256, (12, 16, 3), np.uint8).repeat(4, 0).repeat(4, 1)
        image = Image.fromarray(pixels).convert(mode)
        kind = _FORMATS[number % len(_FORMATS)]
        path = photos / "ab"[number % 2] / f"{number:02d}.{kind.lower()}"
        path.parent.mkdir(parents=True, exist_ok=True)
        exif = Image.Exif()
        exif[0x0112] = 6
        options = {"exif": exif} if kind in ("JPEG", "PNG", "WEBP") else {}
        (image.convert("RGB") if kind == "JPEG" else image).save(path, kind, **options)
    with zipfile.ZipFile(folder / "photos.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(photos.rglob("*.*")):
            archive.write(path, path.relative_to(photos))
    pipeline.load(ImageFolder(str(photos), 8), 0, folder / "cache")
    config = run_config(
        folder, folder / "run", steps=4, evaluate_every="2steps", metric=("fid(10)",)
    )
    config = dataclasses.replace(config, cache_dir=str(folder / "statistics"))
    loop.train(config)
    _model().save(folder / "model.keras")
    _small_dataset(folder / "tfds").download_and_prepare()


def run_config(seeds, run_dir, **changes):
    """The `Config` of a tiny run on the photos among the seeds."""
    from gan_tf.options.config import Config

    options = dict(
        dataset="image_folder",
        image_dir=str(seeds / "photos"),
        image_size=8,
        arch="mlp(width=4)",
        latent_dim=5,
        batch_size=8,
        trick=("ema(0.9)",),
        features="pixels",
        precision="float32",
        checkpoint_every="2steps",
        run_dir=str(run_dir),
    )
    return Config(**options | changes).resolve()


def _model():
    import keras

    layers = [keras.Input((8, 8, 3)), keras.layers.Flatten(), keras.layers.Dense(3)]
    return keras.Sequential(layers)


def _small_dataset(folder):
    """A few of the glyphs."""
    from gan_tf.data.glyphs import GlyphsBuilder, draw

    class FewGlyphs(GlyphsBuilder):
        def _generate_examples(self, count, seed):
            images, labels = draw(20, (seed, 0))
            for number, (image, label) in enumerate(zip(images, labels)):
                yield number, {"image": image, "label": label}

    FewGlyphs.name = "glyphs"
    return FewGlyphs(data_dir=folder)


def _try_image(seeds, home):
    from gan_tf.data.image_folder import ImageFolder

    seed = random.choice(sorted((seeds / "photos").rglob("*.*")))
    content = seed.read_bytes()
    for _ in range(random.randint(1, 2)):
        content = random.choice(mutations.OF_IMAGES)(content)
    suffix = random.choice((seed.suffix, ".jpg", ".png", ".gif"))
    name = random.choice(("x", "new\nline", "-x", "ü"))
    (home / (name + suffix)).write_bytes(content)
    source = ImageFolder(str(home), 16, random.choice(("center", "pad", "stretch")))
    images = [batch["image"] for batch in source.batches()]
    if not images:
        [(_, reason)] = source.skipped
        return "refused" if reason else "crash: no reason"
    return "used" if images[0].shape == (1, 16, 16, 3) else f"crash: {images[0].shape}"


def _break(path, outside):
    """Corrupts one file, or replaces it with a link."""
    content = path.read_bytes()
    if random.random() < 0.15:
        mutations.link(path, outside)
    elif random.random() < 0.1:
        path.unlink()
    elif path.name == "flags.txt" and random.random() < 0.7:
        path.write_bytes(mutations.edit_flags(content, outside))
    elif path.suffix == ".json" and random.random() < 0.7:
        path.write_bytes(mutations.edit_json(content))
    elif path.suffix == ".jsonl" and random.random() < 0.7:
        lines = content.splitlines()
        number = random.randrange(len(lines))
        lines[number] = mutations.edit_json(lines[number])
        path.write_bytes(b"\n".join(lines))
    else:
        path.write_bytes(random.choice(mutations.OF_FILES)(content))


def _files(folder):
    """The files that can be corrupted: no links, through which this program would corrupt others."""
    found = (each for each in folder.rglob("*") if each.name != ".lock")
    return sorted(each for each in found if each.is_file() and not each.is_symlink())


def _broken_run(seeds, home, outside):
    run = home / "run"
    shutil.copytree(seeds / "run", run)
    for _ in range(random.randint(1, 2)):
        place = random.choice([run, run, run / "checkpoints", run / "samples"])
        if place.is_dir():
            _break(random.choice(_files(place) or [run / "flags.txt"]), outside)
    if random.random() < 0.15:
        mutations.link(random.choice(sorted(run.iterdir())), outside)
    return run


def _run(seeds, home, outside):
    """Draws samples from a run directory."""
    from gan_tf import generate

    run = _broken_run(seeds, home, outside)
    which = random.choice(("last", "best", "4"))
    generate.main(["", f"--run_dir={run}", "--num_images=2", f"--checkpoint={which}"])


def _resumed(seeds, home, outside):
    """Resumes a run directory, with flags of the user."""
    from gan_tf.training import loop

    loop.train(run_config(seeds, _broken_run(seeds, home, outside), steps=6))


def _checkpoint(seeds, home, outside):
    """A checkpoint whose digests match the changes."""
    from gan_tf.runs.checkpoint_store import CheckpointStore
    from gan_tf.runs.run_dir import RunDir
    from gan_tf.runs.trained_run import TrainedRun

    shutil.copytree(seeds / "run", home / "run")
    run = RunDir(home / "run")
    for step in CheckpointStore(run.checkpoints).steps():
        folder = CheckpointStore(run.checkpoints).path(step)
        broken = folder / random.choice(("state.index", "state.index", "state.data-00000-of-00001"))
        broken.write_bytes(random.choice(mutations.OF_FILES)(broken.read_bytes()))
        digests = json.loads((folder / "sha256.json").read_text())
        digests[broken.name] = hashlib.sha256(broken.read_bytes()).hexdigest()
        if random.random() < 0.2:
            digests[random.choice(("../../flags.txt", "/dev/zero", f"{outside}/a"))] = "0"
        (folder / "sha256.json").write_text(json.dumps(digests))
    TrainedRun(run.path)


def _keras(seeds, home, outside):
    """A .keras model, as features."""
    from gan_tf.features.keras_model import KerasModel

    path = home / "model.keras"
    content = (seeds / "model.keras").read_bytes()
    if random.random() < 0.5:
        path.write_bytes(random.choice(mutations.OF_FILES)(content))
    else:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        name = random.choice(sorted(parts))
        config = json.loads(parts["config.json"])
        layers = config["config"]["layers"]
        hostile = random.choice((_code, _function, None))
        if hostile:
            layers.insert(2, hostile(outside))
            parts["config.json"] = json.dumps(config).encode()
        elif name.endswith(".json"):
            parts[name] = mutations.edit_json(parts[name])
        else:
            parts[name] = random.choice(mutations.OF_FILES)(parts[name])
        if random.random() < 0.3:
            parts[random.choice(("../sentinel/a", "../../sentinel/a", f"{outside}/a"))] = b"written"
        with zipfile.ZipFile(path, "w") as archive:
            for name, part in parts.items():
                archive.writestr(name, part)
    KerasModel(str(path), (8, 8, 3))


def _code(outside):
    """A Lambda layer, whose code would write outside."""
    import keras
    from keras.src.utils import python_utils

    code = python_utils.func_dump(lambda x: pathlib.Path("../sentinel/a").write_text("x") and x)
    value = {"class_name": "__lambda__", "config": {"value": code}}
    layer = keras.saving.serialize_keras_object(keras.layers.Activation("relu"))
    return layer | {"class_name": "Lambda", "config": {"name": "evil", "function": value}}


def _function(outside):
    """A Python function in place of a layer."""
    return {
        "module": random.choice(
            ("os", "builtins", "subprocess", "keras.utils", "gan_tf.runs.run_dir")
        ),
        "class_name": random.choice(("system", "eval", "exec", "run", "get_file", "write")),
        "config": {"name": "x", "arguments": [f"touch {outside}/pwned"]},
        "registered_name": random.choice((None, "system", "gan_tf>write")),
    }


def _cache(seeds, home, outside):
    """A cache of decoded images: it is used, or rebuilt."""
    from gan_tf.data import pipeline
    from gan_tf.data.image_folder import ImageFolder

    shutil.copytree(seeds / "cache", home / "cache")
    for _ in range(random.randint(1, 2)):
        if files := _files(home / "cache"):
            _break(random.choice(files), outside)
    images = pipeline.load(ImageFolder(str(seeds / "photos"), 8), 0, home / "cache")
    found = images.samples[:]
    return "used" if found.shape[1:] == (8, 8, 3) and len(images.labels) == len(found) else "crash:"


def _statistics(seeds, home, outside):
    """A cache of statistics of real images (.npz and JSON): it is used, or recomputed."""
    from gan_tf.data import pipeline
    from gan_tf.registry import DATASETS
    from gan_tf.training import callback_list

    shutil.copytree(seeds / "statistics", home / "cache")
    for _ in range(random.randint(1, 2)):
        if files := _files(home / "cache"):
            _break(random.choice(files), outside)
    config = run_config(seeds, home / "run", metric=("fid(10)",))
    config = dataclasses.replace(config, cache_dir=str(home / "cache"))
    source = DATASETS.build(config.dataset, vars(config))
    data = pipeline.load(source)
    judge = callback_list.evaluator(config, source, data)
    dict(judge.score(judge.sample([(data.samples[:], None)])))


def _zip(seeds, home, outside):
    """A zip archive of images: nothing is unpacked."""
    from gan_tf.data.image_folder import ImageFolder

    path = home / "photos.zip"
    content = (seeds / "photos.zip").read_bytes()
    if random.random() < 0.7:
        content = random.choice(mutations.OF_FILES)(content)
    else:
        archive = io.BytesIO(content)
        with zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED) as file:
            for name in (
                "../../sentinel/a",
                "/etc/x.png",
                "..\\x.png",
                "a/\n.png",
                "a//b/../c.png",
            ):
                file.writestr(name, (seeds / "photos/a/00.jpeg").read_bytes())
            file.writestr("a/bomb.png", bytes(300 << 20))
        content = archive.getvalue()
    path.write_bytes(content)
    source = ImageFolder(str(path), 8)
    count = sum(len(batch["image"]) for batch in source.batches())
    return "used" if count else "refused"


def _dataset(seeds, home, outside):
    """A folder of TensorFlow Datasets."""
    from gan_tf.data.glyphs import Glyphs

    shutil.copytree(seeds / "tfds", home / "tfds")
    folder = home / "tfds" / "glyphs" / "1.0.0"
    for _ in range(random.randint(1, 2)):
        if files := _files(folder):
            _break(random.choice(files), outside)
    if not (folder / "dataset_info.json").is_file():
        raise UserError("It would be made anew.")
    for _ in Glyphs(data_dir=str(home / "tfds")).batches():
        pass


CASES = {
    "run": _run,
    "run again": _run,
    "resumed": _resumed,
    "checkpoint": _checkpoint,
    "keras": _keras,
    "cache": _cache,
    "statistics": _statistics,
    "zip": _zip,
    "dataset": _dataset,
}


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    flags.run(main)
