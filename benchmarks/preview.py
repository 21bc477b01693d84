"""How long a save takes in the preview, with its kernel warm: from the save until the browser can be told.

    python -m benchmarks.preview BOOK CHAPTER prose|cell|pdf ROUNDS

With ``pdf``, until the PDF beside the page is made and a page of it drawn, too, after a change of prose.
Prints the seconds of each round as JSON. The browser's own part is not in it.
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks import books

if TYPE_CHECKING:
    from paper.preview.session import Session

WIDE: Final = 1200  # pixels of a page in half a window


def edit_cell(root: Path, name: str, run: int) -> None:
    """Another comment in the first cell of a chapter, so that it must run again."""
    path = root / name
    text = re.sub(r"\n# run \d+\n```", "\n```", path.read_text("utf8"))
    before, _, after = text.partition("```{python}")
    code, _, rest = after.partition("\n```")
    path.write_text(f"{before}```{{python}}{code}\n# run {run}\n```{rest}", "utf8")


def make_pdf(session: Session) -> float:
    """Make the PDF of what was saved last and draw its first page; return the seconds."""
    begun = time.perf_counter()
    proof = session.make_proof()
    assert proof is not None and proof.page(0, WIDE)
    return time.perf_counter() - begun


def main() -> None:
    from paper.preview.session import Session

    root, chapter, kind, rounds = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
    change = edit_cell if kind == "cell" else books.edit
    session = Session(root, None)
    try:
        session.rebuild()
        seconds = []
        for run in range(rounds + 1):
            change(root, chapter, run)
            done = session.rebuild(complete=False, saved={(root / chapter).resolve()})  # the rest follows
            if done.problems:
                sys.exit("\n".join(problem.message for problem in done.problems))
            seconds.append(done.seconds + (make_pdf(session) if kind == "pdf" else 0))
            session.rebuild()
    finally:
        session.close()
    print(json.dumps(seconds[1:]))


if __name__ == "__main__":
    main()
