"""Registries: the names that flags accept, and what each name builds.

    LOSSES = Registry("loss", __name__, "LOSSES")

    @LOSSES.register("hinge")
    class Hinge:
        '''Hinge loss (Lim and Ye, 2017).'''

    LOSSES.names()            # ("hinge", ...), without importing TensorFlow
    LOSSES.build("hinge")     # Hinge()
    OPTIMIZERS.build("adam(2e-4, beta_1=0.5)")

Names, arguments, first docstring lines and literal class attributes are read from the
source with `ast`, so that help texts and flag errors do not wait for TensorFlow, which
takes seconds to import; an entry's module is imported when it is built. A registry
whose home is a package covers every module in it: to add an entry, add a file.

Plug-ins (see `gan_tf.plugins`) add entries from outside the package.
"""

import ast
import dataclasses
import functools
import math
import pathlib
import re

from gan_tf import plugins
from gan_tf.errors import UserError, suggest
from gan_tf.signatures import definitions, docstrings, signature

_TYPES = {"int": int, "float": (int, float), "bool": bool, "str": str}

_COLUMN = 11  # names of entries in help are aligned up to this length


@dataclasses.dataclass(frozen=True)
class Entry:
    """A registered class or function, as read from its source.

    Attributes:
        name: the registered name.
        module: the dotted name of its module.
        summary: the first line of its docstring.
        arguments: its arguments (of a class, those of its constructor; of a dataclass, its
            fields), in order.
        attributes: its literal class attributes, including those of base classes in the
            registry's own modules.
    """

    name: str
    module: str
    summary: str
    arguments: tuple
    attributes: dict


class Registry:
    """The entries of one kind, by name.

    Args:
        kind: what an entry is called in messages, in the singular: "loss".
        home: the module or package that contains the entries.
        variable: the name of this registry in decorators.
        annotated: whether specs can only give arguments with a type annotation; the others are
            internal. Default: specs can give any.
    """

    def __init__(self, kind, home, variable, annotated=False):
        self.kind = kind
        self.home = home
        self.variable = variable
        self.annotated = annotated
        self._registered = {}

    def register(self, name):
        """Returns the decorator that registers a class or function as `name`.

        Raises:
            ValueError: when the name is taken.
        """

        def decorate(item):
            if name in self._registered:
                raise ValueError(f"the {self.kind} '{name}' is registered twice")
            self._registered[name] = item
            return item

        return decorate

    @functools.cached_property
    def entries(self):
        """Every `Entry` by name, read from the source without importing it.

        Raises:
            UserError: when a plug-in cannot be found or read, or takes a name that is in use.
        """
        entries = dict(self.own_entries)
        for module, tree in plugins.sources().items():
            try:
                found = list(self._scan(module, tree))
            except (ValueError, IndexError) as error:  # not a literal
                raise plugins.unreadable(module, error) from error
            for entry in found:
                if entry.name in entries:
                    raise UserError(
                        f"The plug-in '{module}' registers the {self.kind} '{entry.name}', a name "
                        "already in use: choose another."
                    )
                entries[entry.name] = entry
        return entries

    @functools.cached_property
    def own_entries(self):
        """The entries without those of plug-ins, available while modules are imported."""
        entries = {}
        marker = f"@{self.variable}.register("
        for module, source in self._sources.items():
            if marker not in source:
                continue  # parsing takes longer than everything else
            for entry in self._scan(module, ast.parse(source)):
                if entry.name in entries:
                    raise ValueError(f"the {self.kind} '{entry.name}' is registered twice")
                entries[entry.name] = entry
        return entries

    def names(self):
        """Returns the names of the entries, sorted."""
        return tuple(sorted(self.entries))

    def help(self, hidden=()):
        """Returns help text: for each entry a line with name and summary, and one with arguments.

        Args:
            hidden: names of arguments to omit.
        """
        width = min(max(map(len, self.names())), _COLUMN)
        lines = []
        for name in self.names():
            entry = self.entries[name]
            # Arguments with a default of None are internal.
            shown = [
                str(each)
                for each in entry.arguments
                if each.name not in hidden and each.default is not None
            ]
            lines.append(f"{name:<{width}}  {entry.summary}")
            if shown:
                lines.append(f"{'':<{width}}  takes {', '.join(shown)}")
        return "\n".join(lines)

    def entry(self, spec):
        """Returns the `Entry` that a spec such as "adam(2e-4)" names."""
        return self.parse(spec)[0]

    def parse(self, spec):
        """Parses a spec and checks it against the entry's arguments.

        Args:
            spec: a name, or a call with literal arguments: "adam(2e-4, beta_1=0.5)".

        Returns:
            The `Entry`, and the arguments as a dict.

        Raises:
            UserError: for an unknown name, an unknown keyword, or a value that is not a literal
                of the right type, listing the valid choices.
        """
        try:
            node = ast.parse(spec.strip(), mode="eval").body
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            node = None
        call = node if isinstance(node, ast.Call) else None
        name = call.func if call else node
        if not isinstance(name, ast.Name):
            raise UserError(
                f"Invalid {self.kind} '{spec}': give a name, or a name with arguments such as "
                f"'name(0.5, key=2)'; choose from: {', '.join(self.names())}."
            )
        if name.id not in self.entries:
            raise UserError(
                f"Unknown {self.kind} '{name.id}'{suggest(name.id, self.names())}; "
                f"choose from: {', '.join(self.names())}."
            )
        entry = self.entries[name.id]
        return entry, self._arguments(entry, call) if call else {}

    def canonical(self, spec):
        """Returns (name, {argument: value}) of a spec, with defaults: equal for equivalent specs."""
        entry, arguments = self.parse(spec)
        return entry.name, {each.name: each.default for each in entry.arguments} | arguments

    def load(self, spec):
        """Returns the registered class or function that a spec names, imported."""
        entry = self.entry(spec)
        plugins.load(entry.module)
        return self._registered[entry.name]

    def build(self, spec, available=None):
        """Builds the entry that a spec names.

        Args:
            spec: as for `parse`.
            available: a dict of values for arguments that the spec omits; an entry receives
                those in its signature that are not None.

        Returns:
            An instance of the registered class, or the registered function's result.
        """
        entry, arguments = self.parse(spec)
        for argument in entry.arguments:
            value = (available or {}).get(argument.name)
            if value is not None:
                arguments.setdefault(argument.name, value)
        try:
            return self.load(spec)(**arguments)
        except ValueError as error:
            if "(" not in spec:
                raise
            raise UserError(f"The {self.kind} '{spec}' cannot be built: {error}.") from error

    def docstrings(self, name):
        """Returns the docstrings of an own entry and of its bases in the registry's own modules.

        Those of the entry and its constructor come first, "" if it has none.
        """
        module = self.own_entries[name].module
        tree = ast.parse(self._sources[module])
        beside = definitions(tree)
        node = dict(self._registered_in(tree))[name]
        return docstrings(node, lambda base: beside.get(base) or self._class(base))

    @functools.cached_property
    def _sources(self):
        """The source of each of the registry's own modules, by dotted name."""
        return {module: path.read_text(encoding="utf-8") for module, path in _modules(self.home)}

    @functools.cache  # noqa: B019 (registries live as long as the program)
    def _class(self, name):
        """The definition of a class in the registry's own modules, or None."""
        for source in self._sources.values():
            if re.search(rf"^class {name}\b", source, re.MULTILINE):
                return definitions(ast.parse(source))[name]
        return None

    def _scan(self, module, tree):
        """Yields the `Entry` of each definition that this registry's decorator registers."""
        beside = definitions(tree)
        for name, node in self._registered_in(tree):
            summary = (ast.get_docstring(node) or "").partition("\n")[0]
            arguments, attributes = signature(
                node, lambda base: beside.get(base) or self._class(base)
            )
            if self.annotated:
                arguments = tuple(each for each in arguments if each.type)
            yield Entry(name, module, summary, arguments, attributes)

    def _registered_in(self, tree):
        """Yields the name and the node of each definition that this registry's decorator registers."""
        for node in tree.body:
            for decorator in getattr(node, "decorator_list", ()):
                called = getattr(decorator, "func", None)
                if (
                    getattr(called, "attr", None) == "register"
                    and getattr(called.value, "id", None) == self.variable
                ):
                    yield ast.literal_eval(decorator.args[0]), node

    def _arguments(self, entry, call):
        known = {argument.name: argument for argument in entry.arguments}
        takes = ", ".join(map(str, entry.arguments)) or "no arguments"
        pairs = list(zip(known, call.args, strict=False))
        pairs += [(keyword.arg, keyword.value) for keyword in call.keywords]
        if len(call.args) > len(known):
            raise UserError(f"Too many arguments for the {self.kind} '{entry.name}': {takes}.")
        values = {}
        for name, node in pairs:
            if name not in known or name in values:
                problem = "Unknown" if name not in known else "Repeated"
                raise UserError(
                    f"{problem} argument '{name}' of the {self.kind} '{entry.name}'"
                    f"{suggest(str(name), known)}; it takes: {takes}."
                )
            try:
                value = ast.literal_eval(node)
            except (ValueError, TypeError, MemoryError, RecursionError):
                value = node  # refused below
            expected = _TYPES.get(known[name].type, object)
            wrong = isinstance(value, bool) and expected not in (bool, object)
            wrong |= isinstance(value, float) and not math.isfinite(value)
            if isinstance(value, ast.AST) or wrong or not isinstance(value, expected):
                required = f"of type {known[name].type}" if known[name].type else "a literal"
                raise UserError(
                    f"The argument '{name}' of the {self.kind} '{entry.name}' must be {required}, not "
                    f"{ast.unparse(node)}; it takes: {takes}."
                )
            values[name] = float(value) if known[name].type == "float" else value
        return values


def _modules(home):
    """[(dotted name, path)] of a registry's own modules, whose packages are not imported."""
    package, *below = home.split(".")
    if package != __package__:
        return plugins.modules(home)
    path = pathlib.Path(__file__).parent.joinpath(*below)
    if not path.is_dir():
        return [(home, path.with_suffix(".py"))]
    return [(f"{home}.{each.stem}", each) for each in sorted(path.glob("[!_]*.py"))]


class Configurable:
    """An object that Keras saves in a model, as its constructor arguments.

    Subclasses store each constructor argument in an attribute of the same name, and nothing else
    in public attributes.
    """

    def get_config(self):
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


# Defined here, not with their entries, so that flags can be checked without TensorFlow.
MODALITIES = Registry("modality", "gan_tf.modalities", "MODALITIES")
REPRESENTATIONS = Registry("representation", "gan_tf.modalities", "REPRESENTATIONS")
DATASETS = Registry("data set", "gan_tf.data", "DATASETS")
GANS = Registry("GAN kind", "gan_tf.gans", "GANS", annotated=True)
ARCHITECTURES = Registry("architecture", "gan_tf.networks", "ARCHITECTURES")
DISCRIMINATORS = Registry("discriminator", "gan_tf.networks.discriminators", "DISCRIMINATORS")
LOSSES = Registry("loss", "gan_tf.losses.adversarial", "LOSSES")
CONTENT_LOSSES = Registry("content loss", "gan_tf.losses.content", "CONTENT_LOSSES")
PENALTIES = Registry("penalty", "gan_tf.losses.penalties", "PENALTIES")
CONDITIONINGS = Registry("conditioning", "gan_tf.networks.conditioning", "CONDITIONINGS")
TRICKS = Registry("trick", "gan_tf.tricks", "TRICKS")
PRIORS = Registry("prior", "gan_tf.latents.priors", "PRIORS")
REWARDS = Registry("reward", "gan_tf.gans.rewards", "REWARDS")
OPTIMIZERS = Registry("optimizer", "gan_tf.gans.optimizers", "OPTIMIZERS")
FEATURES = Registry("feature extractor", "gan_tf.features", "FEATURES")
METRICS = Registry("metric", "gan_tf.metrics", "METRICS")
FORMATS = Registry("format", "gan_tf.sampling.formats", "FORMATS")
REJECTIONS = Registry("way to reject", "gan_tf.sampling.acceptance", "REJECTIONS")
OBJECTIVES = Registry("objective", "gan_tf.inversion.objectives", "OBJECTIVES")
TASKS = Registry("task", "gan_tf.inversion.tasks", "TASKS")
DEGRADATIONS = Registry("degradation", "gan_tf.data.degradations", "DEGRADATIONS")
MASKS = Registry("mask", "gan_tf.data.masks", "MASKS")
PAGES = Registry("page", "gan_tf.explorer.pages", "PAGES", annotated=True)
EXPORTERS = Registry("export format", "gan_tf.exporters", "EXPORTERS")
TRACKERS = Registry("tracker", "gan_tf.runs.trackers", "TRACKERS")
STRATEGIES = Registry("strategy", "gan_tf.runtime.strategies", "STRATEGIES")
