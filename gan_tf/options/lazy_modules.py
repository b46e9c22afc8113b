"""Modules that are loaded when they are used, not when they are imported."""

import contextlib
import importlib.machinery
import importlib.util
import sys


class _LazyFinder:
    """Finds some modules on the usual path, with a loader that waits until an attribute is read.

    Args:
        names: of the modules.
    """

    def __init__(self, names):
        self._names = names

    def find_spec(self, name, path, target=None):
        """Returns the spec of one of these modules; None for others."""
        if name not in self._names:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec and spec.loader:
            spec.loader = importlib.util.LazyLoader(spec.loader)
        return spec


@contextlib.contextmanager
def lazy(*names):
    """Within this context, modules with these names are imported without being loaded.

    Each is loaded when one of its attributes is read, at any later time.
    """
    finder = _LazyFinder(frozenset(names))
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
