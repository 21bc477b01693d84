"""Tables on the signs that were expected before coding: what they are, where they were seen, what they speak for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from paper.analysis import process_tracing
from paper.analysis.datafile import rows
from paper.coding.claims import expectations
from paper.coding.claims.expectations import Seal, Sign
from paper.coding.interviews.coded import sides
from paper.publishing.markdown import Cell, RepeatedCell
from paper.publishing.table import Table
from paper.tables.cells import Column, blank_repeats, interview_table
from paper.typography import amount, capital

if TYPE_CHECKING:
    import pandas as pd

    from paper.figures.interviews import Interviews

# Kass and Raftery (1995), "Bayes Factors", Journal of the American Statistical Association 90(430): from these odds on
# evidence is worth a mention, positive, strong, very strong.
GRADES: Final = ((150, "very strongly for"), (20, "strongly for"), (3, "for"), (1, "hardly more for"))
INPUTS: Final = ("codebook", "cases", "segments")


def expected_signs(
    codebook: pd.DataFrame, signs: Sequence[Sign], seals: Sequence[Seal], *, synthetic: bool
) -> Table:
    """Tabulate the signs with the codes by which they are seen and, where given, their likelihoods."""
    import pandas as pd

    names = dict(zip(codebook["code"], codebook["name"], strict=True))
    one, other = sides(codebook)
    ordered = sorted(signs, key=lambda sign: (one, other).index(sign.speaks_for))
    data = pd.DataFrame(
        [
            (
                s.id,
                s.says,
                s.speaks_for,
                "; ".join(s.codes),
                s.likelihood.get(one),
                s.likelihood.get(other),
                s.absence,
            )
            for s in ordered
        ],
        columns=[
            "sign",
            "says",
            "speaks_for",
            "codes",
            f"likelihood_{one}",
            f"likelihood_{other}",
            "absence_counts",
        ],
    )
    judged = any(sign.likelihood for sign in ordered)
    cells: list[list[Cell]] = []
    for side, sign in zip(blank_repeats(capital(sign.speaks_for) for sign in ordered), ordered, strict=True):
        row: list[Cell] = [side, sign.says, ", ".join(names[code] for code in sign.codes)]
        if judged:
            row.append(
                ", ".join(f"{side} {value:g}" for side, value in sign.likelihood.items()) or "not given"
            )
        cells.append(row)
    headings = ("Speaks for", "Sign", "Seen in passages on", *(("How likely under each",) if judged else ()))
    return Table(
        "expected_signs",
        data,
        cells,
        headings,
        (14, 36, 32, 18) if judged else (16, 46, 38),
        "Written down before any interview was coded."
        if seals and not seals[0].coded
        else "Drawn from the model.",
        (expectations.path(synthetic=synthetic), "codebook"),
        sealing(seals) if not synthetic else "",
        synthetic,
    )


def sealing(seals: Sequence[Seal]) -> str:
    """Say when the signs were sealed, and how much was coded by then."""
    if not seals:
        return "The signs are not sealed yet."
    first, last = seals[0], seals[-1]
    when = (
        "before any passage was coded"
        if not first.coded
        else f"when {amount(first.coded, 'passage')} were coded"
    )
    message = f"Sealed on {first.date}, {when} (SHA-256 {last.sha256[:16]}…)."
    if len(seals) > 1:
        by = amount(last.coded, "passage")
        message = (
            f"First sealed on {first.date}, {when}; changed and sealed again on {last.date}, with {by} coded."
        )
    return message


def signs_by_case(interviews: Interviews, signs: Sequence[Sign]) -> Table:
    """Tabulate in which interviews each sign was seen, and which side it speaks for."""
    data = process_tracing.seen(interviews.coded, interviews.codebook, interviews.cases, signs)
    cells: list[list[Cell]] = []
    groups = list(data.groupby("sign", sort=False))
    kinds: list[str | RepeatedCell] = blank_repeats(
        capital(str(part["speaks_for"].iloc[0])) for _, part in groups
    )
    for side, (_, part) in zip(kinds, groups, strict=True):
        there = [f"{row.case} ({row.passages})" for row in rows(part) if row.passages]
        absent = [str(row.case) for row in rows(part) if not row.passages]
        cells.append(
            [side, str(part["says"].iloc[0]), ", ".join(there) or "nobody", ", ".join(absent) or "nobody"]
        )
    columns = (
        Column("Speaks for", 14, "the side under which the sign is expected"),
        Column("Sign", 32, "what an account shows"),
        Column("Seen with", 27, "interviews, and passages of each"),
        Column("Not seen with", 27, "interviews"),
    )
    return interview_table("signs_by_case", interviews, data, cells, columns, INPUTS)


def sign_odds(interviews: Interviews, signs: Sequence[Sign]) -> Table:
    """Tabulate, interview by interview, which side the signs speak for: in words, and as odds where they are given."""
    one, other = sides(interviews.codebook)
    shown = process_tracing.seen(interviews.coded, interviews.codebook, interviews.cases, signs)
    data = process_tracing.odds(shown, signs, (one, other))
    number = {side: sum(sign.speaks_for == side for sign in signs) for side in (one, other)}
    counts = {
        side: shown[(shown["speaks_for"] == side) & (shown["passages"] > 0)]["case"].value_counts()
        for side in (one, other)
    }
    judged = any(sign.likelihood for sign in signs)
    for side in (one, other):
        data[f"signs_{side}"] = data["case"].map(counts[side]).fillna(0).astype(int)
    cells: list[list[Cell]] = []
    for row in rows(data):
        of = [int(counts[side].get(row.case, 0)) for side in (one, other)]
        said = in_words(row.odds, row.low, row.high, (one, other)) if judged else _more(of, (one, other))
        cells.append([row.case, f"{of[0]} of {number[one]}", f"{of[1]} of {number[other]}", said])
    columns = (
        Column("Interview", 20, "each interview"),
        Column(f"Signs of {one}", 16, "seen, of those expected"),
        Column(f"Signs of {other}", 16, "seen, of those expected"),
        Column("Speaks for", 48, "which side, and how strongly"),
    )
    note = (
        "Odds after Fairfield and Charman (2017), from even odds; in brackets with every likelihood moved by "
        f"{process_tracing.SHIFT:g} one way and the other. Signs are taken as independent."
        if judged
        else "No likelihoods were given, so that the signs are counted and not weighed."
    )
    if not judged:
        data = data.drop(columns=["signs", "odds", "low", "high"])
    return interview_table(
        "sign_odds", interviews, data, cells, columns, INPUTS, "" if interviews.empty else note
    )


def in_words(odds: float, low: float, high: float, both: tuple[str, str]) -> str:
    """Say for which side odds speak, how strongly, and whether that depends on the likelihoods."""
    if low < 1 < high or odds == 1:
        return f"undecided: {_ratio(odds)} [{_ratio(low)}, {_ratio(high)}]"
    side, strength = (both[0], odds) if odds > 1 else (both[1], 1 / odds)
    words = next(words for least, words in GRADES if strength >= least)
    return f"{words} {side}: {_ratio(odds)} [{_ratio(low)}, {_ratio(high)}]"


def _ratio(odds: float) -> str:
    if odds < 1:
        return f"1 : {_plain(1 / odds)}"
    return f"{_plain(odds)} : 1"


def _plain(number: float) -> str:
    """Return a number of two digits at most, or that it is above a thousand."""
    return (
        "more than 1000"
        if number > 1000
        else f"{number:.1f}".removesuffix(".0")
        if number < 10
        else f"{number:.0f}"
    )


def _more(counts: Sequence[int], both: tuple[str, str]) -> str:
    if counts[0] == counts[1]:
        return "as many of either" if counts[0] else "neither"
    return f"more of {both[0] if counts[0] > counts[1] else both[1]}"
