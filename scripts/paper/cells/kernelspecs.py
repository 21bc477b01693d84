"""Which Jupyter kernel runs a chapter: this very Python, or an installed one that the author names.

``jupyter: NAME``, ``jupyter: {kernel: NAME}`` or ``jupyter: {kernelspec: {name: NAME, …}}``, of a chapter or the book.
https://quarto.org/docs/computations/python.html#kernel-selection
https://github.com/quarto-dev/quarto-cli/blob/main/src/core/jupyter/jupyter.ts
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from paper.errors import ChapterError, Place, SourceError
from paper.project import Project
from paper.settings import place_of
from paper.text.source import Source

if TYPE_CHECKING:
    from jupyter_client.kernelspec import KernelSpec

# What names the Python of the build itself, whatever kernels the machine has: IPython installs its own as python3.
_OWN: Final = frozenset({"", "python3", "python"})
# Lets a kernel of another Python import this package, and nothing else of the build's Python.
_PACKAGE: Final = """
import importlib.util as _util, sys as _sys
if _util.find_spec("paper") is None:
    _spec = _util.spec_from_file_location("paper", {init!r}, submodule_search_locations=[{folder!r}])
    _sys.modules["paper"] = _util.module_from_spec(_spec)
    _spec.loader.exec_module(_sys.modules["paper"])
    del _spec
del _util, _sys
"""


def chosen(project: Project, source: Source) -> str:
    """Return the name of the kernel that runs the chapter's cells, "" for this very Python.

    Raises ChapterError, in Quarto's words, where it isn't installed, and where it runs another language than Python.
    """
    for settings in (source.meta, project.config):
        if settings.get("jupyter") is not None:
            name = _name(settings["jupyter"])
            spec = None if name in _OWN else _installed().get(name)
            if name in _OWN or (spec is not None and _is_own(spec)):
                return ""
            in_chapter = settings is source.meta
            place = source.find("jupyter:") if in_chapter else place_of(project.root, "jupyter")
            _refuse(name, spec, place)
            return name
    return ""


def find(name: str) -> KernelSpec:
    """Return how to start a kernel that ``chosen`` named."""
    from jupyter_client.kernelspec import KernelSpec

    if name:
        return _installed()[name]
    return KernelSpec(
        argv=[
            *(sys.executable, "-Xfrozen_modules=off", "-m", "paper.cells.inside.launch"),
            *("-f", "{connection_file}", "--HistoryManager.enabled=False"),
        ],
        display_name="Python",
        language="python",
        metadata={},
    )


def were_asked_for() -> bool:
    """Whether it was asked which kernels the machine has, which changes without a change of the project."""
    return _installed.cache_info().currsize > 0


def identity(name: str) -> list[str]:
    """Return what makes results of this kernel unlike those of others: the command that starts it, none for our own."""
    return [str(part) for part in find(name).argv] if name else []


def package_code() -> str:
    """Return what a kernel of another Python runs first, so that it can import this package."""
    folder = Path(__file__).parents[1]
    return _PACKAGE.format(init=str(folder / "__init__.py"), folder=str(folder))


def _name(value: object) -> str:
    if isinstance(value, Mapping):
        spec = value.get("kernelspec")
        named = value.get("kernel") or (spec.get("name") if isinstance(spec, Mapping) else "")
        return str(named or "")
    return value.strip() if isinstance(value, str) else ""


@cache
def _installed() -> dict[str, KernelSpec]:
    """Return the machine's kernels by name."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    manager = KernelSpecManager()
    specs: dict[str, KernelSpec] = {}
    for name in manager.find_kernel_specs():
        try:
            specs[name] = manager.get_kernel_spec(name)
        except (NoSuchKernel, ValueError, OSError):  # one whose kernel.json is no JSON is not to be had
            continue
    return specs


def _is_own(spec: KernelSpec) -> bool:
    """Whether a kernel's command starts this very Python."""
    program = shutil.which(str(spec.argv[0])) if spec.argv else None
    # the links of environments are followed by neither: each is a Python of its own
    return program is not None and Path(program).absolute() == Path(sys.executable).absolute()


def _refuse(name: str, spec: KernelSpec | None, place: Place) -> None:
    error: SourceError | None = None
    if spec is None:
        known = ", ".join(sorted({"python3", *_installed()}))
        error = ChapterError(
            f"Jupyter kernel {name!r} not found. Known kernels: {known}",
            place=place,
            remedy="write `jupyter: python3` for the Python that builds the book, or install that kernel: "
            f"`python -m ipykernel install --user --name {name}`, by the Python that it is to run",
        )
    elif str(spec.language).lower() != "python":
        error = ChapterError(
            f"the Jupyter kernel {name!r} runs {spec.language}, and only cells in Python are run here",
            place=place,
            remedy="write `jupyter: python3`, or build with --engine quarto",
        )
    if error is not None:
        raise error
