"""Result tables from what the draft and its documents say."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from paper import catalogue

documents = catalogue.module(Path(__file__).parents[2], "analysis.documents")


@pytest.mark.parametrize(
    ("evidence", "support"),
    [
        ("a conference speech (Pizikov 2017)", "source"),
        ("figure without source, date or base; no source", "figure"),
        ("stated as a fact; that it is a problem is inferred", "argument"),
        ("a normative sentence", "argument"),
        ("argument only", "argument"),
        ("a drawing that is missing (Figure 1)", "none"),
        ("none", "none"),
        ("", "none"),
    ],
)
def test_evidence_is_sorted_by_what_it_amounts_to(evidence: str, support: str) -> None:
    assert documents.support_of(evidence) == support


def test_problems_come_by_the_size_of_their_kind_and_the_best_supported_first() -> None:
    problems = pd.DataFrame(
        [
            ("P1", "a", "quality", "none"),
            ("P2", "b", "coordination", "none"),
            ("P3", "c", "coordination", "a speech"),
        ],
        columns=["id", "problem", "category", "evidence"],
    ).assign(cause="", consequence="", doubt="", locator="")
    table = documents.delivery_problems(problems)
    assert list(table["id"]) == ["P3", "P2", "P1"]
    assert list(table["support"]) == [documents.support_of(said) for said in ("a speech", "none", "none")]


def test_a_service_passes_through_bodies_in_the_order_of_its_steps() -> None:
    relations = pd.DataFrame(
        [
            ("S5", "back offices", "front office", "service chain", None, ""),
            ("S4", "front office", "back offices", "service chain", None, ""),
            ("S2", "a ministry", "public services", "coordination", None, ""),
            ("S3", "an agency", "public services", "control", None, ""),
            ("S3", "an agency", "local bodies", "control", None, ""),
            ("S1", "central bodies", "public services", "design authority", 75.0, 'Printed "almost 75%"'),
            ("S7", "local bodies", "public services", "design authority", 25.0, ""),
        ],
        columns=["source", "source_name", "target_name", "kind", "weight", "doubt"],
    ).assign(basis="stated", locator="")
    stakeholders = pd.DataFrame(
        [
            ("S1", "central"), ("S2", "central"), ("S3", "central"), ("S7", "local"),
            ("S4", "front office"), ("S5", "back office"),
        ],
        columns=["id", "level"],
    )  # fmt: skip
    chain = documents.service_chain(relations, stakeholders)
    names = ["Central bodies", "Local bodies", "A ministry", "An agency", "Front office", "Back offices"]
    assert list(chain["body"]) == names
    assert list(chain["share"]) == ["almost 75%", "25%", "", "", "", ""]
    assert list(chain["level"]) == ["central", "local", "central", "central", "front office", "back office"]


def test_the_timeline_has_dated_reforms_in_order_and_undated_ones_last() -> None:
    events = pd.DataFrame(
        [
            ("E1", "2013-04-15", "2013-04-15", "law"),
            ("E2", "", "", "reform"),
            ("E3", "1991", "1991", "state"),
            ("E4", "2017", "2021", "author"),
        ],
        columns=["id", "start", "end", "kind"],
    ).assign(date_as_printed="", precision="day", event="", basis="", doubt="", locator="")
    assert list(documents.timeline(events)["id"]) == ["E3", "E1", "E2"]


def test_drivers_leave_out_rows_that_only_name_or_count() -> None:
    factors = pd.DataFrame(
        [
            ("F1", "factor"),
            ("F1a", "motive"),
            ("F1e", "direction of change"),
            ("FC4", "count"),
        ],
        columns=["id", "indicator_type"],
    ).assign(driver="internal", indicator="", theory="", in_text="", in_figure="", doubt="", locator="")
    drivers = documents.drivers(factors)
    assert list(zip(drivers["id"], drivers["part"], strict=True)) == [
        ("F1a", "indicator"),
        ("F1e", "approach"),
    ]


def test_the_network_names_actors_and_then_their_relations() -> None:
    people = pd.DataFrame(
        [("S1", "A", "acts"), ("S2", "B", "reacts")], columns=["id", "name", "role"]
    ).assign(basis="", doubt="", locator="")
    ties = pd.DataFrame(
        [("L1", "A", "acts on", "B")], columns=["id", "source_name", "relation", "target_name"]
    ).assign(basis="", doubt="", locator="")
    network = documents.network(people, ties, ["S2"], ["L1"])
    assert network[["part", "who", "does", "whom"]].to_numpy().tolist() == [
        ["actor", "B", "reacts", ""],
        ["relation", "A", "acts on", "B"],
    ]


def test_stakeholders_without_a_part_in_delivery_are_left_out() -> None:
    people = pd.DataFrame({"id": ["S1", "S2"], "level": ["central", "observers"]})
    assert list(documents.with_part_in_delivery(people)["id"]) == ["S1"]


def test_fieldwork_is_told_from_design_to_details() -> None:
    facts = pd.DataFrame({"id": ["M1", "M2", "M3"], "unit": ["interviews", "audience", "design"]})
    assert list(documents.fieldwork(facts)["id"]) == ["M3", "M1"]
