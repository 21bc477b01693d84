"""Made-up books of any size: the same words, cells and citations on every machine, for either engine."""

from __future__ import annotations

import random
from pathlib import Path

from benchmarks.bench_refs import bibliography

_WORDS = """
public service office official citizen queue standard reform region centre law form letter counter register
training process step paper answer question rule change reason concern pressure evaluation interview case
source claim doubt figure table chapter reader author is was has makes asks gives shows the a of in for and
with by at from when while because although who which that slowly rarely often here there
"""
WORDS = _WORDS.split()
SECTIONS, PARAGRAPHS, SENTENCES = 3, 4, 5  # in each chapter: some 900 words
SETTINGS = """\
project:
  type: book
  output-dir: _site
book:
  title: "A made-up book of {chapters} chapters"
  author: Nobody
  date: 2030-01-01
  output-file: book
  chapters:
    - index.qmd
{listed}
    - references.qmd
bibliography: references.bib
execute:
  echo: false
format:
  html: default
  typst:
    citeproc: true
jupyter: python3
"""
COUNT = """
```{{python}}
#| output: asis
import csv
with open("../data/counts.csv") as file:
    counts = list(csv.DictReader(file))
print("There are", sum(int(row["count"]) for row in counts if row["chapter"] == "{chapter}"), "of them.")
```
"""
FIGURE = """
```{{python}}
#| label: fig-{chapter}-{number}
#| fig-cap: "Marks, number {number} of chapter {chapter}"
#| fig-alt: "Two hundred marks at places that mean nothing."
import random
from IPython.display import SVG
place = random.Random({number})
mark = '<circle cx="%.1f" cy="%.1f" r="3"/>'
marks = "".join(mark % (place.random() * 600, place.random() * 300) for _ in range(200))
SVG(f'<svg xmlns="http://www.w3.org/2000/svg" width="600" height="300">{{marks}}</svg>')
```
"""


def write(
    root: Path, chapters: int, *, figures: int = 0, works: int = 60, rows: int = 10, cited: int = 40
) -> None:
    """A book of so many chapters, each with a cell that reads ``data/counts.csv``.

    figures: in each chapter; works: in the bibliography; cited: how many of them are; rows: in the data, for each
    chapter.
    """
    pick = random.Random(chapters)
    (root / "chapters").mkdir(parents=True)
    (root / "data").mkdir()
    listed = "\n".join(f"    - chapters/c{number:03}.qmd" for number in range(chapters))
    (root / "_quarto.yml").write_text(SETTINGS.format(chapters=chapters, listed=listed), "utf8")
    (root / "index.qmd").write_text("# Preface {.unnumbered}\n\n@sec-c000 comes first.\n", "utf8")
    (root / "references.qmd").write_text("# References {.unnumbered}\n\n::: {#refs}\n:::\n", "utf8")
    (root / "references.bib").write_text(bibliography(works), "utf8")
    counts = [f"c{number:03},{pick.randint(1, 9)}" for number in range(chapters) for _ in range(rows)]
    (root / "data/counts.csv").write_text("\n".join(["chapter,count", *counts, ""]), "utf8")
    keys = [f"work{number:06}" for number in range(min(works, cited))]
    for number in range(chapters):
        text = _chapter(number, chapters, figures, keys, pick)
        (root / f"chapters/c{number:03}.qmd").write_text(text, "utf8")


def edit(root: Path, name: str, run: int) -> None:
    """One sentence more in a chapter, another one in each run."""
    path = root / name
    before = path.read_text("utf8").partition("\nAn edit of this chapter")[0].rstrip("\n")
    path.write_text(f"{before}\n\nAn edit of this chapter, made for the {run}th time.\n", "utf8")


def edit_data(root: Path, run: int) -> None:
    """Another count in the first row of the data."""
    path = root / "data/counts.csv"
    lines = path.read_text("utf8").split("\n")
    lines[1] = f"c000,{10 + run}"
    path.write_text("\n".join(lines), "utf8")


def _chapter(number: int, chapters: int, figures: int, keys: list[str], pick: random.Random) -> str:
    name = f"c{number:03}"
    parts = [f"# Chapter {number} {{#sec-{name}}}\n"]
    for section in range(SECTIONS):
        parts.append(f"## Section {section} {{#sec-{name}-{section}}}\n")
        parts += [
            "\n".join(_sentence(pick, keys) for _ in range(SENTENCES)) + "\n" for _ in range(PARAGRAPHS)
        ]
        parts.append(f"It follows from @sec-c{pick.randrange(chapters):03}, and @tbl-{name} says the same.\n")
    table = "\n".join(f"| {_words(pick, 3)} | {pick.randint(1, 99)} | {_words(pick, 6)} |" for _ in range(8))
    parts.append(f"| What | How many | Why |\n|---|--:|---|\n{table}\n\n: What is said {{#tbl-{name}}}\n")
    parts.append(COUNT.format(chapter=name))
    parts += [FIGURE.format(chapter=name, number=place) for place in range(figures)]
    return "\n".join(parts)


def _sentence(pick: random.Random, keys: list[str]) -> str:
    said = _words(pick, pick.randint(10, 22)).capitalize()
    return f"{said} [@{pick.choice(keys)}]." if pick.random() < 0.15 else f"{said}."


def _words(pick: random.Random, count: int) -> str:
    return " ".join(pick.choices(WORDS, k=count))
