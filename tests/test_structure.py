"""The package's layout: imports run one way, files and functions stay short."""

import ast
import functools
import pathlib

TESTS = pathlib.Path(__file__).parent
PACKAGE = TESTS.parent / "gan_tf"
# A package imports only from those below it, or from itself; the commands are at the top.
ORDER = (
    "explorer",
    "exporters",
    "inversion",
    "training",
    "evaluation",
    "sampling",
    "runs",
    "gans",
    "tricks",
    "losses",
    "networks",
    "latents",
    "metrics",
    "features",
    "data",
    "modalities",
    "runtime",
    "options",
    "files",
)
# What everything needs, from the top: each imports only from those behind it.
BASE = ("registry", "signatures", "plugins", "errors", "messages")
FILES = sorted(PACKAGE.rglob("*.py"))
MODULES = {each.stem for each in PACKAGE.glob("[!_]*.py")} - set(BASE)


@functools.cache
def trees():
    """{path: syntax tree} of all modules."""
    return {path: ast.parse(path.read_text()) for path in FILES}


def level(name):
    """The higher, the more a module or package may import."""
    if name in MODULES:
        return len(ORDER) + len(BASE)
    return len(ORDER) + len(BASE) - 1 - (*ORDER, *BASE).index(name)


def imported(tree):
    """Yields (line, the first name below gan_tf) of each import in a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "gan_tf":
            if node.level:
                yield node.lineno, "."
            below = node.module.split(".")[1:]
            for each in node.names:
                if below or each.name != "__version__":
                    yield node.lineno, (*below, each.name)[0]
        elif isinstance(node, ast.Import):
            for each in node.names:
                if each.name.startswith("gan_tf."):
                    yield node.lineno, each.name.split(".")[1]


def test_imports_run_one_way():
    wrong = []
    for path, tree in trees().items():
        own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if own in ("__init__", "__main__"):
            own = next(iter(MODULES))  # the package itself stands where the commands do
        wrong += [
            f"{path.relative_to(PACKAGE)}:{line}: {own} imports from {name}, which stands above it"
            for line, name in imported(tree)
            if level(name) >= level(own) and name != own
        ]
    assert not wrong, "\n".join(wrong)


def test_every_module_has_a_test_file_of_its_name():
    """But for one that has no class or function, only a constant."""
    code, missing = (ast.FunctionDef, ast.ClassDef), []
    for path, tree in trees().items():
        if path.stem[:2] != "__" and any(isinstance(each, code) for each in tree.body):
            below = path.relative_to(PACKAGE)
            mirrored = TESTS / below.with_name(f"test_{path.name}")
            if not mirrored.is_file():
                missing.append(f"gan_tf/{below} is tested in tests/{mirrored.relative_to(TESTS)}")
    assert not missing, "\n".join(missing)


def test_the_order_names_every_package():
    assert {each.parent.name for each in PACKAGE.glob("*/__init__.py")} == set(ORDER)


def test_files_and_functions_are_short():
    long = []
    for path, tree in trees().items():
        if len(path.read_text().splitlines()) > 400:
            long.append(str(path.relative_to(PACKAGE)))
        long += [
            f"{path.relative_to(PACKAGE)}: {node.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= 60
        ]
    assert not long, "\n".join(long)


def test_one_file_knows_how_images_are_scaled():
    assert [each.name for each in FILES if "127.5" in each.read_text()] == ["image.py"]


PRINTING = {
    "print",
    "tqdm",
    "tqdm.write",
    "traceback.print_exc",
    "sys.stdout.write",
    "sys.stderr.write",
}


def test_only_messages_print():
    for path, tree in trees().items():
        calls = [each for each in ast.walk(tree) if isinstance(each, ast.Call)]
        printed = PRINTING & {ast.unparse(each.func) for each in calls}
        assert not printed or path.name == "messages.py", f"{path.name} prints: use gan_tf.messages"


READING = {
    *("open", "os.open", "io.open", "json.load", "pickle.load", "zipfile.ZipFile", "tarfile.open"),
    *("np.load", "np.fromfile", "np.memmap", "np.loadtxt", "np.genfromtxt", "h5py.File"),
    *("Image.open", "Picture.open", "shutil.copy", "shutil.copyfile", "shutil.copytree"),
    *("keras.saving.load_model", "keras.models.load_model", "tf.train.load_checkpoint"),
    *("tf.train.list_variables", "tf.io.read_file", "tf.io.gfile.GFile"),
}
# Other ways to read than gan_tf.files, and why they may: (file, call): reason.
ALLOWED = {
    ("data/cache.py", "open"): "writes a new folder of its own",
    ("data/image_file.py", "Image.open"): "of an open file",
    ("data/masks.py", "Image.open"): "of an open file",
    ("data/video_file.py", "Image.open"): "of an open file",
    ("evaluation/collection.py", "np.memmap"): "a temporary file of its own",
    ("exporters/verification.py", "np.load"): "a temporary file of its own",
    ("features/published_weights.py", "h5py.File"): "checked before",
    ("messages.py", "os.open"): "/dev/null",
    ("modalities/image.py", "Picture.open"): "of an open file",
    ("options/commands.py", ".read_text"): "the package's own source",
    ("options/presets.py", ".read_text"): "the package's own files",
    ("plugins.py", ".read_text"): "the user's own source",
    ("registry.py", ".read_text"): "the package's own source",
    ("runs/run_dir.py", "os.open"): "the lock, with the same checks",
    ("runtime/device.py", ".read_text"): "/proc/cpuinfo",
    ("runtime/keras_file.py", "keras.saving.load_model"): "a checked private copy",
    ("sampling/formats/arrays.py", "open"): "a temporary file of its own",
    ("sampling/formats/arrays.py", "zipfile.ZipFile"): "writes a new file",
    ("training/callbacks/logs.py", "open"): "appends to the log that it has just written anew",
    ("training/setup.py", "open"): "/dev/null",
}


def reads(tree):
    """Yields the names of calls in a module that read files."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        attribute = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if name in READING:
            yield name
        elif attribute in ("read_text", "read_bytes"):
            yield f".{attribute}"
        elif attribute == "open" and node.args and "r" in ast.unparse(node.args[0])[1:2]:
            yield ".open"  # path.open("rb")


def test_files_are_read_by_the_bounded_readers_alone():
    found = set()
    for path, tree in trees().items():
        file = str(path.relative_to(PACKAGE))
        if not file.startswith("files/"):
            found |= {(file, name) for name in reads(tree)}
    assert found - ALLOWED.keys() == set(), "see 'Reading files' in docs/extending.md"
    assert ALLOWED.keys() - found == set(), "these are no longer needed"


def test_commands_are_short():
    for name in MODULES:
        assert len((PACKAGE / f"{name}.py").read_text().splitlines()) <= 120, name
