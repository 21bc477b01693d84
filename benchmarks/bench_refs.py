"""How long the audit of references takes on a large bibliography, and whether time grows with its size.

    python benchmarks/bench_refs.py [--profile]

Made-up bibliographies of 1,000, 10,000 and 30,000 entries, one in fifty a duplicate with a slip of the pen,
are read and audited by every rule; one line a size, with the time on the clock and the processor's. The goals:
10,000 entries in 3 s on two cores, duplicates included, and time in proportion to the entries.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import random
import tempfile
import time
from pathlib import Path

from paper.bibliography import audit

SIZES = (1_000, 10_000, 30_000)
GOAL_ENTRIES, GOAL_SECONDS = 10_000, 3.0
DUPLICATES = 50  # one entry in so many

_SYLLABLES = """
ba ce di fo gu ha je ki lo mu na pe qi ro su ta ve wi xo yu za kar len mir nov ost rad sel tur
"""
_WORDS = """
public management reform local government service delivery performance measurement accountability citizens
decentralisation institution policy administration network governance trust corruption budget evaluation digital
participation capacity transition evidence states survey comparative analysis framework case theory practice lean
process reengineering leadership motivation civil servants agency autonomy market contracting partnership equity
education health care water transport housing planning regions cities Kazakhstan Europe Asia Africa growth
"""
_GIVEN = "Anna Boris Carla Dina Erik Fatima Georg Helen Ivan Jana Karim Lena Marat Nina Oleg Paula"
SYLLABLES, WORDS, GIVEN = _SYLLABLES.split(), _WORDS.split(), _GIVEN.split()
KINDS, SUBJECTS = ("Journal of", "Review of", "Studies in"), ("Reform", "Policy", "Services", "Government")
JOURNALS = [f"{kind} {subject}" for kind in KINDS for subject in SUBJECTS]


def bibliography(entries: int, seed: int = 1) -> str:
    """The text of a .bib file with so many entries."""
    pick = random.Random(seed)
    families = sorted(
        {"".join(pick.choices(SYLLABLES, k=3)).capitalize() for _ in range(max(50, entries // 2))}
    )
    made: list[str] = []
    while len(made) < entries:
        number = len(made)
        who = [
            f"{pick.choice(families)}, {pick.choice(GIVEN)} {pick.choice('ABCDEFG')}."
            for _ in range(pick.randint(1, 4))
        ]
        title = " ".join(pick.choices(WORDS, k=pick.randint(6, 12))).capitalize()
        year = pick.randint(1970, 2025)
        made.append(_entry(f"work{number:06}", pick, who, title, year))
        if len(made) % DUPLICATES == 0 and len(made) < entries:
            made.append(_entry(f"work{len(made):06}", pick, who, _slip(title, pick), year))
    return "\n".join(made)


def _slip(title: str, pick: random.Random) -> str:
    """The title with one letter left out."""
    at = pick.randrange(len(title))
    return title[:at] + title[at + 1 :]


def _entry(key: str, pick: random.Random, who: list[str], title: str, year: int) -> str:
    first = pick.randint(1, 400)
    if pick.random() < 0.7:
        kind, rest = (
            "article",
            {
                "journal": pick.choice(JOURNALS),
                "volume": str(pick.randint(1, 90)),
                "number": str(pick.randint(1, 6)),
                "pages": f"{first}--{first + pick.randint(1, 30)}",
                "doi": f"10.{pick.randint(1000, 9999)}/{key}.{pick.randint(1, 10**9)}",
            },
        )
    else:
        kind, rest = "book", {"publisher": "A Press", "address": "Almaty", "isbn": "978-0-8133-4966-4"}
    fields = {"author": " and ".join(who), "title": title, "year": str(year), **rest}
    return (
        f"@{kind}{{{key},\n" + "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items()) + "}\n"
    )


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--profile", action="store_true", help="say where the time goes")
    profile = options.parse_args().profile
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "references.bib"
        path.write_text(bibliography(50), "utf8")
        audit.check_file(path)  # imports and pandoc's lists once, as a second audit would find them
        print(
            f"{'entries':>8} {'MB':>6} {'seconds':>8} {'CPU s':>6} {'µs/entry':>9} {'findings':>9} {'duplicates':>11}"
        )
        for size in SIZES:
            path.write_text(bibliography(size), "utf8")
            profiler = cProfile.Profile()
            begun, worked = time.perf_counter(), time.process_time()
            if profile and size == GOAL_ENTRIES:
                profiler.enable()
            faults = audit.check_file(path)
            profiler.disable()
            took, worked = time.perf_counter() - begun, time.process_time() - worked
            found = sum(fault.rule == "duplicate-work" for fault in faults)
            twice = f"{found}/{size // DUPLICATES}"
            megabytes, each = path.stat().st_size / 1e6, worked / size * 1e6
            row = f"{size:>8} {megabytes:>6.1f} {took:>8.2f} {worked:>6.2f} {each:>9.0f}"
            print(f"{row} {len(faults):>9} {twice:>11}", end="")
            print(f"   goal: {GOAL_SECONDS:g} s" if size == GOAL_ENTRIES else "")
            if profile and size == GOAL_ENTRIES:
                pstats.Stats(profiler).sort_stats("cumulative").print_stats(45)


if __name__ == "__main__":
    main()
