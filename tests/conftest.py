"""Shared by all tests: small books to build, and the ways to build them."""

from __future__ import annotations

import contextlib
import gc
import os
import re
import shutil
import signal
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup, Tag
from filelock import FileLock
from tests import checkout, examples, order
from tests.kernels import forked_kernels

from paper.cells.execute import Executor
from paper.numbering.book import number_with_images, read_book
from paper.numbering.numbering import NumberedChapter
from paper.project import Project, load
from paper.report import Fault
from paper.tools.cache import Cache

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from xdist.remote import Producer
    from xdist.scheduler import LoadFileScheduling

REPOSITORY = Path(__file__).parent.parent

# Where no compiled code may be kept, each of the suite's hundreds of processes would compile the package anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# A shell starts what it runs in the background deaf to this signal, and what a test starts and interrupts would be.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

SETTINGS = """
project:
  type: book
  output-dir: _site
book:
  title: A small book
  author: Test Author
  chapters:
{chapters}
{appendices}
bibliography: references.bib
execute:
  echo: false
format:
  html: default
"""


def pytest_configure(config: pytest.Config) -> None:
    examples.quick = config.getoption("markexpr") == "not slow"
    if not hasattr(config, "workerinput"):  # once a run, whatever the number of its processes
        config.pluginmanager.register(checkout.LeftAsFound())
        config.pluginmanager.register(order.Durations())


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    return order.processes()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    return order.schedule(config, log) if config.getvalue("dist") == "loadfile" else None


# What is imported and collected stays: to look in it for what may go takes a sixth of the time that it takes.
gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order.sort(items)


@pytest.fixture(scope="session", autouse=True)
def kernels() -> Iterator[None]:
    """Fork kernels from a process with their imports; under `make coverage` ask them to end, so that they say what ran.

    One that is killed keeps its lines to itself.
    """
    if "COVERAGE_PROCESS_CONFIG" not in os.environ:
        with forked_kernels():
            yield
        return
    from jupyter_client.manager import KernelManager

    killed = KernelManager.shutdown_kernel
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(KernelManager, "shutdown_kernel", lambda manager, **_: killed(manager, now=False))
        yield


@pytest.fixture(scope="session", autouse=True)
def cards() -> Iterator[None]:
    """Draw the card of shared links once a run for the same words: most small books have the same title."""
    from paper.site import card

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(card, "_drawn", cache(card._drawn))
        yield


@pytest.fixture(autouse=True)
def no_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    """A profile of the person who runs the tests must not change what they see."""
    monkeypatch.delenv("QUARTO_PROFILE", raising=False)


@pytest.fixture
def repository() -> Path:
    """The project itself."""
    return REPOSITORY


@pytest.fixture
def paper_copy(tmp_path: Path) -> Path:
    """A copy of the project's sources that may be changed."""
    root = tmp_path / "copy"
    checkout.copy(root, ".[a-z]*", "tests", "benchmarks")
    return root


@pytest.fixture(scope="session")
def paper_to_draw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's sources, to show figures and tables in: what is stale is drawn anew here, not in the checkout."""
    root = tmp_path_factory.mktemp("drawn") / "paper"
    checkout.copy(root)
    return root


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that one of all workers of this run makes, the others waiting for it; nobody changes it."""
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, unfinished = shared / name, shared / f"{name}.unfinished"
    with FileLock(shared / f"{name}.lock"):
        if not folder.is_dir():
            shutil.rmtree(unfinished, ignore_errors=True)
            with pytest.MonkeyPatch.context() as patch:
                patch.delenv("QUARTO_PROFILE", raising=False)
                make(unfinished)
            unfinished.rename(folder)
    return folder


@pytest.fixture(scope="session")
def built_paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of the project with everything that a build makes of it: for reading, and for copies to change."""

    def make(root: Path) -> None:
        from paper import build

        checkout.copy(root)
        build.build(root)

    return made_once(tmp_path_factory, "paper", make)


def numbered(root: Path, profile: str, form: str) -> tuple[Project, list[NumberedChapter]]:
    """A book's chapters, read, run and numbered for one format, without the rest of a build."""
    project = load(root, profile)
    work = root / ".paper"
    cache = Cache(work / "cache")
    with Executor(project, cache) as executor:
        chapters = read_book(project, work, cache, executor)
    return project, number_with_images(project, chapters, form, cache)


def write_book(
    root: Path, files: dict[str, str] | None = None, *, settings: str = "", **chapters: str
) -> Path:
    """Write a book of the given chapters (name → text; names that begin with "appendix" go to the end)."""
    root.mkdir(exist_ok=True)
    chapters = {"index": "# Preface {.unnumbered}\n\nHello.\n", **chapters}
    names = [f"    - {name}.qmd" for name in chapters if not name.startswith("appendix")]
    last = [f"    - {name}.qmd" for name in chapters if name.startswith("appendix")]
    text = SETTINGS.format(
        chapters="\n".join(names), appendices="\n".join(["  appendices:", *last]) if last else ""
    )
    (root / "_quarto.yml").write_text(text + settings, "utf8")
    (root / "references.bib").write_text(
        "@article{hood1991,\n  author = {Hood, Christopher},\n  title = {A Public Management for All Seasons?},\n"
        "  journal = {Public Administration},\n  year = {1991}\n}\n",
        "utf8",
    )
    for name, content in chapters.items():
        (root / f"{name}.qmd").write_text(textwrap.dedent(content), "utf8")
    for name, content in (files or {}).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(content), "utf8")
    return root


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """Write a book as ``write_book`` does, into a folder of the test's own."""
    return partial(write_book, tmp_path / "book")


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """One browser for the whole run, in which each test opens pages of its own."""
    from tests.browser import chromium

    with chromium() as browser:
        yield browser


@contextlib.contextmanager
def unsearched() -> Iterator[None]:
    """Build sites without their search index, for whoever reads what stands on a page."""
    from paper.site import search

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "write_index", lambda *_: [])
        yield


@dataclass(frozen=True)
class Told:
    """A page of a built book: the element ``main``, its visible text with white space folded, the build's notices."""

    main: Tag
    text: str
    notices: list[Fault]


@pytest.fixture
def page(book: Callable[..., Path]) -> Callable[..., Told]:
    """Write a book as ``book`` does, build its site, and read the page of its chapter ``one`` (or another)."""
    from paper import build

    def read(
        files: dict[str, str] | None = None, *, settings: str = "", of: str = "one", **chapters: str
    ) -> Told:
        root = book(files, settings=settings, **chapters)
        with unsearched():
            report = build.build(root, targets=["html"])
        main = BeautifulSoup((root / "_site" / f"{of}.html").read_text("utf8"), "lxml").select_one("main")
        assert main is not None
        text = re.sub(r"\s+", " ", main.get_text().replace("\xa0", " ")).strip()
        return Told(main, text, report.notices)

    return read


@pytest.fixture
def conformance_book(tmp_path: Path) -> Path:
    """A copy of the conformance book that may be built."""
    target = tmp_path / "conformance"
    shutil.copytree(REPOSITORY / "tests" / "conformance" / "book", target)
    return target


@pytest.fixture
def unprivileged() -> Iterator[None]:
    """For tests of permissions, which root doesn't feel."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    yield
