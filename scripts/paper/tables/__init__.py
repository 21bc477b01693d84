"""The paper's tables, one call each, set from the coded data. TABLES holds them all by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Final

from paper import project
from paper.bibliography.audit import audit_project
from paper.coding import load as coded
from paper.coding import reporting as checklists
from paper.figures.interviews import Interviews
from paper.figures.page import address
from paper.figures.renderings import keep_data
from paper.figures.works import labels
from paper.tables import citations, documents, findings, literature, method, record, reporting, robust
from paper.tables.citations import Audited
from paper.tables.claims import Evidence
from paper.tables.table import Table

TABLES: Final[dict[str, Callable[[], Table]]] = {}


def _public(make: Callable[[], Table]) -> Callable[[], Table]:
    """Enter a table in TABLES; called by its public name it is also held against the CSV that pages link to."""
    TABLES[make.__name__] = make

    @wraps(make)
    def checked() -> Table:
        made = make()
        keep_data(made, project.find_root(Path.cwd()))
        return made

    return checked


@_public
def stakeholders() -> Table:
    """Who has a part in the delivery of public services: level and role."""
    return documents.stakeholders(coded.table("stakeholders"))


@_public
def delivery_problems() -> Table:
    """Problems of delivery by kind: stated cause, stated consequence, evidence."""
    return documents.delivery_problems(coded.table("document_problems"))


@_public
def drivers() -> Table:
    """The two drivers and their indicators: kind, place, theory behind."""
    return documents.drivers(coded.table("factors"))


@_public
def literature_matrix() -> Table:
    """Who says what in the literature, and the stance in which the paper uses it."""
    return literature.literature_matrix(coded.table("literature_claims"))


@_public
def interviewing() -> Table:
    """Advantages and limits of interviews by e-mail, and what each rests on."""
    return method.interviewing(
        coded.table("interviewing"), labels(project.load(project.find_root(Path.cwd())).bibliography)
    )


@_public
def fieldwork() -> Table:
    """Design, sample and fieldwork, and how precisely each is known."""
    return method.fieldwork(coded.table("methodology"))


@_public
def questionnaire() -> Table:
    """The questionnaire's three blocks: topic and purpose."""
    return method.questionnaire(coded.table("questionnaire"))


@_public
def codebook() -> Table:
    """The codes with definition, use and limits."""
    return method.codebook(coded.table("codebook"))


@_public
def corrections() -> Table:
    """What was corrected on the way from the draft to the paper."""
    return record.corrections(coded.table("corrections"))


@_public
def open_questions() -> Table:
    """What only the author can answer."""
    return record.open_questions(coded.table("corrections"))


@_public
def citation_faults() -> Table:
    """What the draft had wrong in citations, references and quotations, and what finds it today."""
    return citations.citation_faults(coded.table("corrections"))


@_public
def reference_doubts() -> Table:
    """What could not be confirmed of the works listed."""
    names = labels(project.load(project.find_root(Path.cwd())).bibliography)
    return citations.reference_doubts(coded.table("references_status"), names)


def audit_by_rule() -> Audited:
    """What the audit of references finds in this build; it has no data file, and so is not in TABLES."""
    return citations.by_rule(audit_project(project.find_root(Path.cwd())))


def audit_let_stand() -> Audited:
    """What the audit of references found and the project lets stand; not in TABLES."""
    return citations.let_stand(audit_project(project.find_root(Path.cwd())))


@_public
def sample() -> Table:
    """Interviewees by broad role and region, small numbers hidden."""
    return findings.sample(Interviews.load())


@_public
def driver_groups() -> Table:
    """Internal against external drivers by role, region and block of the questionnaire."""
    return findings.driver_groups(Interviews.load())


@_public
def code_frequencies() -> Table:
    """How often each code was given, by interview and by passage."""
    return findings.code_frequencies(Interviews.load())


@_public
def cooccurrence() -> Table:
    """Which codes stand on the same passages."""
    return findings.cooccurrence(Interviews.load())


@_public
def quotes() -> Table:
    """Released quotations for each code, spread over the interviews."""
    return findings.quotes(Interviews.load())


@_public
def agreement() -> Table:
    """How far the coders agree."""
    return findings.agreement(Interviews.load())


@_public
def leave_one_out() -> Table:
    """What would change without any one interview."""
    return robust.leave_one_out(Interviews.load())


@_public
def merged_codes() -> Table:
    """The codes one level coarser."""
    return robust.merged_codes(Interviews.load())


@_public
def concentration() -> Table:
    """How far each code rests on few respondents."""
    return robust.concentration(Interviews.load())


@_public
def dissent() -> Table:
    """Which interviews speak against the driver that leads in most of them."""
    return robust.dissent(Interviews.load())


@_public
def coreq() -> Table:
    """The 32 items of COREQ with the paper's answers."""
    root = project.find_root(Path.cwd())
    return reporting.coreq(checklists.read(root, "coreq"), lambda path: address(path, root))


@_public
def srqr() -> Table:
    """The 21 items of SRQR with the paper's answers."""
    root = project.find_root(Path.cwd())
    return reporting.srqr(checklists.read(root, "srqr"), lambda path: address(path, root))


def evidence() -> Evidence:
    """The claims of the ledger with their evidence; no table, and so not in TABLES."""
    return Evidence.load()
