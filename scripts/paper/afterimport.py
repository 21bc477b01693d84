"""Work that waits for a module: done at once where it is imported already, else when somebody imports it."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

Work = Callable[[ModuleType], None]


def after_import(name: str, work: Work) -> None:
    """Call ``work`` with the module ``name``, now or after its first import; nothing is imported for it."""
    if name in sys.modules:
        work(sys.modules[name])
    else:
        sys.meta_path.insert(0, _Finder(name, work))


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, name: str, work: Work) -> None:
        self.name, self.work = name, work

    def find_spec(
        self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self.name:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)  # whoever else waits, or finds it, comes next
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, self.work)
        return spec


class _Loader(importlib.abc.Loader):
    def __init__(self, own: Any, work: Work) -> None:
        self._own, self._work = own, work

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        created: ModuleType | None = self._own.create_module(spec)
        return created

    def exec_module(self, module: ModuleType) -> None:
        self._own.exec_module(module)
        self._work(module)

    def __getattr__(self, name: str) -> Any:  # what a loader may offer besides, such as its source
        return getattr(self._own, name)
