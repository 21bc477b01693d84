"""Work on every item of a list, with all of the author's mistakes raised together."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from paper.errors import PaperError, SourceErrors, together

Item = TypeVar("Item")
Result = TypeVar("Result")


def map_collecting_errors(
    work: Callable[[Item], Result], items: Iterable[Item], *, parallel: bool = False
) -> list[Result]:
    """Apply ``work`` to every item, in order.

    Raises the one PaperError that came up, or SourceErrors with all of them, sorted.
    """
    errors: list[PaperError] = []

    def guarded(item: Item) -> tuple[Result] | None:
        try:
            return (work(item),)
        except SourceErrors as several:
            errors.extend(several.errors)
        except PaperError as error:
            errors.append(error)
        return None

    if parallel:
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
            results = list(pool.map(guarded, items))
    else:
        results = [guarded(item) for item in items]
    if errors:
        errors.sort(key=str)
        raise together(errors)
    return [result[0] for result in results if result is not None]
