"""What can be inferred of interviewees from what is published: an attack on one's own paper.

The attacker has every published number at once. Who has which attribute is unknown to them and stands as binary
variables; each number that counts a group is an equation over these, as in the audit of suppressed tables (Hundepool
et al. 2012, "Statistical Disclosure Control", chapter 4; Fischetti and Salazar 2001, "Solving the cell suppression
problem on tabular data with linear constraints"). An attribute is certain when no other assignment solves the
equations, and a hidden number is exact when its least and its greatest value agree; HiGHS solves them as integers.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

_HIDDEN: Final = ""  # how an interview is counted whose attribute isn't stated


@dataclass(frozen=True)
class Statement:
    """What a file says of one interview outright."""

    file: str
    case: str
    attribute: str
    value: str


@dataclass(frozen=True)
class Count:
    """A number that counts a group."""

    file: str
    state: str
    """The state of the data that it was counted from: today's, or a kept draft's."""
    group: Mapping[str, str]
    """Attribute → value, "" for those of whom it isn't stated; without attributes for all."""
    weights: Mapping[str, int]
    """Case → how much it adds if it is of the group."""
    number: int | None
    """The number; None where it is hidden."""
    what: str = ""
    """Row and column, for the report."""


@dataclass(frozen=True)
class Inference:
    """What an attacker can be certain of."""

    what: str
    """An attribute of a case, or the place of a hidden number; the value itself is never told."""
    files: tuple[str, ...]
    """The files that it takes."""


@dataclass(frozen=True)
class Outcome:
    """What an attack came to."""

    certain: list[Inference]
    tried: int
    """Attributes of cases that aren't stated today, and hidden numbers, that were tried."""
    unfit: list[str]
    """Files whose numbers contradict the others, and were left out."""


@dataclass(frozen=True)
class Published:
    """All that is published about interviews."""

    vocabulary: Mapping[str, Sequence[str]]
    """Attribute → its words."""
    open: Mapping[str, Mapping[str, str]]
    """Case → attribute → what the table of cases states today, "" where it states nothing."""
    statements: Sequence[Statement] = ()
    counts: Sequence[Count] = ()

    @property
    def files(self) -> list[str]:
        """Return the files that say something, each once."""
        return list(
            dict.fromkeys([*(one.file for one in self.statements), *(one.file for one in self.counts)])
        )


def attack(published: Published) -> Outcome:
    """Return what is certain of what the table of cases doesn't state today."""
    unfit: list[str] = []
    fit: list[str] = []
    if not published.open or not all(published.vocabulary.values()):
        return Outcome([], 0, [])
    for file in published.files:
        if _Model(published, [*fit, file]).solve():
            fit.append(file)
        else:
            unfit.append(file)
    model = _Model(published, fit)
    notices: dict[tuple[str, str], dict[str, None]] = {}
    for one in published.statements:
        if (one.case, one.attribute) in model.unstated:
            notices.setdefault((one.case, one.attribute), {})[one.file] = None
    certain = [
        Inference(f"{attribute} of {case}", tuple(files)) for (case, attribute), files in notices.items()
    ]
    solved = [key for key in model.certain_attributes() if key not in notices]
    needed = _needed(published, fit, solved) if solved else ()
    certain += [Inference(f"{attribute} of {case}", needed) for case, attribute in solved]
    certain += [Inference(f"{count.what}, hidden there", (count.file,)) for count in model.exact_counts()]
    hidden = sum(count.number is None for count in published.counts)
    return Outcome(certain, len(model.unstated) + hidden, unfit)


def _needed(
    published: Published, files: Sequence[str], certain: Sequence[tuple[str, str]]
) -> tuple[str, ...]:
    """Return files that suffice to be certain of all that is, none of which can be spared."""
    needed = list(files)
    for file in files:
        fewer = [other for other in needed if other != file]
        if len(_Model(published, fewer).certain_attributes(certain)) == len(certain):
            needed = fewer
    return tuple(needed)


def _solver() -> Any:
    """Return HiGHS, without the line that it prints, from C++, when it starts."""
    import highspy

    sys.stdout.flush()
    kept = os.dup(1)
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), 1)
        try:
            solver = highspy.Highs()  # type: ignore[no-untyped-call, unused-ignore]
        finally:
            os.dup2(kept, 1)
            os.close(kept)
    solver.setOptionValue("output_flag", False)
    return solver


class _Model:
    """The equations of some files, over who has which attribute (``has``) and is counted as having it (``counted``)."""

    def __init__(self, published: Published, files: Iterable[str]) -> None:
        self._solver = _solver()
        self._published, self._files = published, set(files)
        self.unstated = [
            (case, name)
            for case, stated in published.open.items()
            for name in published.vocabulary
            if not stated[name]
        ]
        self._has = {
            (case, name): self._choice(words)
            for case in published.open
            for name, words in published.vocabulary.items()
        }
        self._counted: dict[tuple[str, str, str], dict[str, Any]] = {}
        self._both: dict[tuple[Any, ...], Any] = {}
        for one in published.statements:
            if one.file in self._files and one.value in self._has.get((one.case, one.attribute), {}):
                self._fix(self._has[one.case, one.attribute][one.value], 1)
        for count in published.counts:
            if count.file in self._files and count.number is not None:
                terms = [
                    weight * self._in_group(count, case) for case, weight in count.weights.items() if weight
                ]
                if terms or count.number:
                    self._solver.addConstr(self._solver.qsum(terms) == count.number)

    def solve(self) -> bool:
        """Return whether the equations have a solution."""
        self._solver.run()
        return str(self._solver.modelStatusToString(self._solver.getModelStatus())) == "Optimal"

    def certain_attributes(self, of: Sequence[tuple[str, str]] | None = None) -> list[tuple[str, str]]:
        """Return the unstated attributes, all or those named, that have one value in every solution."""
        left = list(self.unstated if of is None else of)
        certain = []
        if not self.solve():
            return []
        values = self._values(left)
        while left:
            case, name = key = left.pop(0)
            variable = self._has[key][values[key]]
            self._bound(variable, 0, 0)
            if self.solve():
                other = self._values(left)
                left = [each for each in left if other[each] == values[each]]
            else:
                certain.append((case, name))
            self._bound(variable, 0, 1)
        return certain

    def exact_counts(self) -> list[Count]:
        """Return the hidden numbers whose least and greatest values agree."""
        results = []
        for count in self._published.counts:
            if count.file not in self._files or count.number is not None:
                continue
            terms = [weight * self._in_group(count, case) for case, weight in count.weights.items() if weight]
            if terms:
                expression = self._solver.qsum(terms)
                self._solver.minimize(expression)
                low = self._solver.getObjectiveValue()
                self._solver.maximize(expression)
                if round(low) == round(self._solver.getObjectiveValue()):
                    results.append(count)
        self._solver.minimize(self._solver.qsum([]))
        return results

    def _choice(self, words: Iterable[str]) -> dict[str, Any]:
        """Return a binary variable for each word, of which one is true."""
        chosen = {word: self._solver.addBinary() for word in words}
        self._solver.addConstr(self._solver.qsum(chosen.values()) == 1)
        return chosen

    def _as_counted(self, count: Count, case: str, name: str) -> dict[str, Any]:
        """Return how a case is counted in a file: as what it has or, where the file knows of such, as not stated."""
        key = (f"{count.file}\0{count.state}", case, name)
        if key not in self._counted:
            has = self._has[case, name]
            counted = self._choice([*has, _HIDDEN])
            for word, variable in has.items():
                self._solver.addConstr(counted[word] <= variable)
            self._counted[key] = counted
            if not self._knows_hidden(count.file, name):
                self._fix(counted[_HIDDEN], 0)
        return self._counted[key]

    def _knows_hidden(self, file: str, name: str) -> bool:
        return any(
            count.file == file and count.group.get(name) == _HIDDEN for count in self._published.counts
        )

    def _in_group(self, count: Count, case: str) -> Any:
        """Return a term that is 1 where the case is counted in the group."""
        parts = [self._as_counted(count, case, name)[word] for name, word in count.group.items()]
        if len(parts) < 2:
            return parts[0] if parts else self._constant()
        key = (count.file, count.state, case, tuple(count.group.items()))
        if key not in self._both:
            both = self._both[key] = self._solver.addBinary()
            for part in parts:
                self._solver.addConstr(both <= part)
            self._solver.addConstr(both >= self._solver.qsum(parts) - (len(parts) - 1))
        return self._both[key]

    def _constant(self) -> Any:
        one = self._solver.addBinary()
        self._fix(one, 1)
        return one

    def _fix(self, variable: Any, value: int) -> None:
        self._bound(variable, value, value)

    def _bound(self, variable: Any, low: int, high: int) -> None:
        self._solver.changeColBounds(variable.index, low, high)

    def _values(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
        solution = self._solver.getSolution().col_value
        return {
            key: next(word for word, variable in self._has[key].items() if solution[variable.index] > 0.5)
            for key in keys
        }
