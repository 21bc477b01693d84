"""Tables by name, one call each: those of interviews and of reporting here, a paper's own from ``scripts/tables``.

A function loads tables, asks ``analysis`` for the result and sets it; ``catalogue`` says where a paper's own are.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from paper import catalogue, project
from paper.bibliography.audit import audit_project
from paper.coding.claims import expectations
from paper.coding.data import load as coded
from paper.coding.data.package import has_interviews
from paper.coding.interviews import history
from paper.coding.interviews import reporting as checklists
from paper.figures.interviews import Interviews
from paper.publishing.page import address
from paper.publishing.table import Table
from paper.tables import citations, coders, findings, method, reporting, robust, signs
from paper.tables.citations import Audited
from paper.tables.claims import Evidence

_OF_INTERVIEWS: Final[dict[str, Callable[[], Table]]] = {}
_OF_REPORTING: Final[dict[str, Callable[[], Table]]] = {}
_OF_SIGNS: Final[dict[str, Callable[[], Table]]] = {}


def _public(make: Callable[[], Table]) -> Callable[[], Table]:
    _OF_INTERVIEWS[make.__name__] = make
    return catalogue.renewing(make)


def _checklist(make: Callable[[], Table]) -> Callable[[], Table]:
    _OF_REPORTING[make.__name__] = make
    return catalogue.renewing(make)


def _expected(make: Callable[[], Table]) -> Callable[[], Table]:
    _OF_SIGNS[make.__name__] = make
    return catalogue.renewing(make)


def every(root: Path) -> dict[str, Callable[[], Table]]:
    """Return what sets each table of the paper, by name: its own, and those here for which it has the data."""
    general = dict(_OF_INTERVIEWS) if has_interviews(root) else {}
    if has_interviews(root) and (root / expectations.path(synthetic=coded.is_synthetic())).is_file():
        general |= _OF_SIGNS
    if (root / history.FILE).is_file():
        general["codebook_history"] = codebook_history
    general |= {name: make for name, make in _OF_REPORTING.items() if checklists.path(root, name).is_file()}
    return {**catalogue.own(root, "tables"), **general}


def __getattr__(name: str) -> Any:
    # ``from paper.tables import markdown`` asks here first: modules of the package are no tables.
    if name.startswith("_") or catalogue.is_module("tables", name):
        raise AttributeError(name)
    return catalogue.renewing(catalogue.function(project.find_root(Path.cwd()), "tables", name))


@_public
def questionnaire() -> Table:
    """Tabulate the questionnaire's three blocks: topic and purpose."""
    return method.questionnaire(coded.table("questionnaire"))


@_public
def codebook() -> Table:
    """Tabulate the codes with definition, use and limits."""
    return method.codebook(coded.table("codebook"))


def audit_by_rule() -> Audited:
    """Return what the audit of references finds in this build; it has no data file, and so is not among ``every``."""
    return citations.by_rule(audit_project(project.load(project.find_root(Path.cwd()))))


def audit_let_stand() -> Audited:
    """Return what the audit of references found and the project lets stand; not among ``every``."""
    return citations.let_stand(audit_project(project.load(project.find_root(Path.cwd()))))


@_public
def sample() -> Table:
    """Count interviewees by their attributes, as far as these are stated."""
    return findings.sample(Interviews.load())


@_public
def driver_groups() -> Table:
    """Set the sides of the codebook's division by attribute of the interviewees and block of the questionnaire."""
    return findings.driver_groups(Interviews.load())


@_public
def code_frequencies() -> Table:
    """Tabulate how often each code was given, by interview and by passage."""
    return findings.code_frequencies(Interviews.load())


@_public
def cooccurrence() -> Table:
    """Tabulate which codes stand on the same passages."""
    return findings.cooccurrence(Interviews.load())


@_public
def quotes() -> Table:
    """Tabulate released quotations for each code, spread over the interviews."""
    return findings.quotes(Interviews.load())


@_public
def agreement() -> Table:
    """Tabulate how far the coders agree."""
    return findings.agreement(Interviews.load())


@_public
def leave_one_out() -> Table:
    """Tabulate what would change without any one interview."""
    return robust.leave_one_out(Interviews.load())


@_public
def merged_codes() -> Table:
    """Tabulate the codes one level coarser."""
    return robust.merged_codes(Interviews.load())


@_public
def concentration() -> Table:
    """Tabulate how far each code rests on few respondents."""
    return robust.concentration(Interviews.load())


@_public
def dissent() -> Table:
    """Tabulate which interviews speak against the driver that leads in most of them."""
    return robust.dissent(Interviews.load())


@_public
def who_coded() -> Table:
    """Tabulate what each coder coded."""
    return coders.who_coded(Interviews.load())


@_public
def disagreements() -> Table:
    """Tabulate the codes on which coders part, for passages that are released."""
    return coders.disagreements(Interviews.load())


@catalogue.renewing
def codebook_history() -> Table:
    """Tabulate how the codebook came about."""
    return coders.codebook_history(history.read(project.find_root(Path.cwd())), coded.table("codebook"))


@_expected
def expected_signs() -> Table:
    """Tabulate the signs expected under each side of the codebook's division."""
    root, synthetic = project.find_root(Path.cwd()), coded.is_synthetic()
    given = expectations.read(root, synthetic=synthetic)
    return signs.expected_signs(coded.table("codebook"), given, expectations.seals(root), synthetic=synthetic)


@_expected
def signs_by_case() -> Table:
    """Tabulate in which interviews each expected sign was seen."""
    return signs.signs_by_case(Interviews.load(), _signs())


@_expected
def sign_odds() -> Table:
    """Tabulate which side the expected signs speak for, interview by interview."""
    return signs.sign_odds(Interviews.load(), _signs())


def _signs() -> list[expectations.Sign]:
    return expectations.read(project.find_root(Path.cwd()), synthetic=coded.is_synthetic())


@_checklist
def coreq() -> Table:
    """Tabulate the 32 items of COREQ with the paper's answers."""
    return _reported("coreq")


@_checklist
def srqr() -> Table:
    """Tabulate the 21 items of SRQR with the paper's answers."""
    return _reported("srqr")


@_checklist
def jars() -> Table:
    """Tabulate the 19 items of JARS-Qual with the paper's answers."""
    return _reported("jars")


@_checklist
def interview_methods() -> Table:
    """Tabulate how interviewees were sought, and how interviews were held and kept."""
    return _reported("interview_methods")


def _reported(name: str) -> Table:
    root = project.find_root(Path.cwd())
    return reporting.checklist_table(checklists.read(root, name), lambda path: address(path, root))


def evidence() -> Evidence:
    """Return the claims of the ledger with their evidence; no table, and so not among ``every``."""
    return Evidence.load()
