"""What an import mended, left out or could not settle: by kind, counted, with examples that name nobody."""

from __future__ import annotations

from dataclasses import dataclass, field

from paper.report import Fault, Severity

EXAMPLES = 5


@dataclass
class _Kind:
    severity: Severity
    message: str
    remedy: str
    examples: list[str] = field(default_factory=list)
    count: int = 0


class Remarks:
    """Collects remarks; ``faults`` gives one for each kind, in the order in which they first came up."""

    def __init__(self) -> None:
        self._kinds: dict[str, _Kind] = {}

    def repaired(self, rule: str, message: str, example: str = "") -> None:
        """Something odd in the file that was read all the same."""
        self._add(rule, "note", message, "", example)

    def dropped(self, rule: str, message: str, example: str = "", remedy: str = "") -> None:
        """Something that the tables have no place for, or that could not be read."""
        self._add(rule, "warning", message, remedy, example)

    def unresolved(self, rule: str, message: str, example: str = "", remedy: str = "") -> None:
        """Something that only a person can settle."""
        self._add(rule, "warning", message, remedy, example)

    def _add(self, rule: str, severity: Severity, message: str, remedy: str, example: str) -> None:
        kind = self._kinds.setdefault(rule, _Kind(severity, message, remedy))
        kind.count += 1
        if example and example not in kind.examples and len(kind.examples) <= EXAMPLES:
            kind.examples.append(example)

    def count(self, rule: str) -> int:
        """How often this came up."""
        return self._kinds[rule].count if rule in self._kinds else 0

    def faults(self, file: str) -> list[Fault]:
        """One fault a kind; the message holds its count and up to five examples."""
        faults: list[Fault] = []
        for rule, kind in self._kinds.items():
            shown = ", ".join(kind.examples[:EXAMPLES]) + (" …" if len(kind.examples) > EXAMPLES else "")
            message = f"{kind.count} × {kind.message}" + (f": {shown}" if shown else "")
            faults.append(Fault(file, None, rule, message, kind.remedy, kind.severity))
        return faults
