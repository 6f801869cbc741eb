"""Kinds of checks: one file each. A new file with a ``KIND`` in it adds a kind; nothing else changes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from qa.model.rubric import CheckKind


@cache
def check_kinds() -> Mapping[str, CheckKind]:
    """Every kind of check in this package, by the name that rubrics use, in alphabetical order."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    found: list[CheckKind] = [module.KIND for module in modules if hasattr(module, "KIND")]
    return MappingProxyType({kind.name: kind for kind in sorted(found, key=lambda kind: kind.name)})
