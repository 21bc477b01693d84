"""What an audit of references finds, counted.

Pure: the audit's findings in, a result table out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from paper.bibliography.rules import Rule
    from paper.report import Fault


def by_rule(found: Sequence[Fault], let_stand: Iterable[str], rules: Mapping[str, Rule]) -> pd.DataFrame:
    """Count what an audit found, by rule, errors before warnings before notes, most findings first.

    let_stand: the rule of each finding that has an exemption. Columns: rule, severity (the gravest found), finds,
    findings, let_stand. Rules that found nothing are left out.
    """
    grave = ("error", "warning", "note")
    counts, stand = Counter(fault.rule for fault in found), Counter(let_stand)
    worst = {
        name: min(
            (fault.severity for fault in found if fault.rule == name),
            key=grave.index,
            default=rules[name].severity,
        )
        for name in counts | stand
    }
    rows = [
        (name, worst[name], rules[name].finds, counts[name], stand[name])
        for name in sorted(worst, key=lambda name: (grave.index(worst[name]), -counts[name], name))
    ]
    return pd.DataFrame(rows, columns=["rule", "severity", "finds", "findings", "let_stand"])
