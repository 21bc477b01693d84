"""Small coded tables for the tests of ``analysis``, and a strategy that makes others."""

from __future__ import annotations

import pandas as pd
from hypothesis import strategies as st

from paper.coding.interviews.coded import CODED, apply_coder_rule

CODEBOOK = pd.DataFrame(
    [
        ("internal", "", "Internal drive", "internal"),
        ("clients", "internal", "Client orientation", ""),
        ("citizens", "internal", "Concern about citizens", ""),
        ("external", "", "External drive", "external"),
        ("control", "external", "Control", ""),
        ("fear", "control", "Fear of control", ""),
        ("training", "", "Training", "context"),
        ("unplaced", "", "Without a driver", ""),
    ],
    columns=["code", "parent", "name", "driver"],
)
CODES = list(CODEBOOK["code"])


def people(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """A table of cases: pseudonym, role, region."""
    return pd.DataFrame(rows, columns=["case", "role", "region"]).astype("str")


CASES = people(("I1", "official", "north"), ("I2", "official", "south"), ("I3", "expert", "north"))


def marks(*rows: str) -> pd.DataFrame:
    """The data table ``segments`` from lines such as ``s1 I1 A clients x``: segment, case, block, code, coder."""
    table = pd.DataFrame(
        [row.split() for row in rows], columns=["segment", "case", "block", "code", "coder"]
    ).astype("str")
    return table.assign(question=table["block"] + "1", locator="", released=False, excerpt="")


def coded(*rows: str) -> pd.DataFrame:
    """The coded table of lines such as ``s1 I1 A clients``."""
    return apply_coder_rule(marks(*[f"{row} x" for row in rows])).table


# Whole studies: up to 4 cases, up to 20 codings by up to 3 coders. A passage belongs to one case and one block.
@st.composite
def studies(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Segments and cases."""
    number = draw(st.integers(1, 4))
    cases = people(
        *[
            (f"I{n}", draw(st.sampled_from(["official", "expert", ""])), draw(st.sampled_from(["n", "s"])))
            for n in range(number)
        ]
    )
    rows = draw(
        st.lists(
            st.tuples(st.integers(0, 9), st.sampled_from(CODES), st.sampled_from("xyz")),
            max_size=20,
            unique=True,
        )
    )
    lines = [f"s{at} I{at % number} {'ABC'[at % 3]} {code} {coder}" for at, code, coder in rows]
    return marks(*lines), cases


def empty() -> pd.DataFrame:
    """A coded table of a study that hasn't begun."""
    return pd.DataFrame({name: pd.Series(dtype="str") for name in CODED}).astype("category")
