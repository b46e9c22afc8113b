"""Arguments and attributes of classes and functions, read from their source without importing it."""

import ast
import dataclasses

_REQUIRED = object()


@dataclasses.dataclass(frozen=True)
class Argument:
    """One argument: `type` is a name such as "float", or "" if unknown."""

    name: str
    type: str
    default: object

    @property
    def required(self):
        return self.default is _REQUIRED

    def __str__(self):
        return self.name if self.required else f"{self.name}={self.default!r}"


def definitions(tree):
    """Returns {name: class or function} of the top-level definitions of a parsed module."""
    return {node.name: node for node in tree.body if hasattr(node, "name")}


def signature(node, find=lambda name: None):
    """Returns the arguments and the literal class attributes of a definition, including its bases'.

    Args:
        node: a class or function in a parsed module.
        find: returns the definition of a class, given its name, or None.

    Returns:
        A tuple of `Argument`s (of a class, those of its constructor; of a dataclass, its fields),
        and {name: value} of the attributes.

    Raises:
        ValueError: when a default is not a literal.
    """
    if isinstance(node, ast.FunctionDef):
        arguments = node.args.args + node.args.kwonlyargs
        missing = [None] * (len(node.args.args) - len(node.args.defaults))
        defaults = missing + node.args.defaults + node.args.kw_defaults
        return tuple(map(_argument, arguments, defaults)), {}
    arguments, attributes = (), {}
    for base in reversed(node.bases):
        definition = find(base.id) if isinstance(base, ast.Name) else None
        if definition:
            arguments, inherited = signature(definition, find)
            attributes |= inherited
    for statement in node.body:
        if getattr(statement, "name", None) in ("__init__", "__new__"):
            arguments = signature(statement)[0][1:]
        elif isinstance(statement, ast.AnnAssign) and _is_dataclass(node):
            field = _argument(ast.arg(statement.target.id, statement.annotation), statement.value)
            arguments = tuple(
                ({each.name: each for each in arguments} | {field.name: field}).values()
            )
        elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            try:
                attributes[statement.targets[0].id] = ast.literal_eval(statement.value)
            except ValueError:
                continue
    return arguments, attributes


def docstrings(node, find=lambda name: None):
    """Returns the docstrings of a definition, its constructor and its bases, nearest first.

    Args:
        node: a class or function in a parsed module.
        find: returns the definition of a class, given its name, or None.

    Returns:
        A list of texts; the first is that of the definition, "" if it has none.
    """
    found = [ast.get_docstring(node) or ""]
    if isinstance(node, ast.ClassDef):
        found += [
            ast.get_docstring(each) or ""
            for each in node.body
            if getattr(each, "name", None) == "__init__"
        ]
        bases = [find(base.id) for base in node.bases if isinstance(base, ast.Name)]
        found += [text for base in filter(None, bases) for text in docstrings(base, find)]
    return found


def _is_dataclass(node):
    return any("dataclass" in ast.unparse(each) for each in node.decorator_list)


def _argument(node, default):
    type_name = getattr(node.annotation, "id", "")
    return Argument(
        node.arg, type_name, _REQUIRED if default is None else ast.literal_eval(default)
    )
