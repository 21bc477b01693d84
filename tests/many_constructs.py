"""A small book that holds many constructs, for validators of what is made of it."""

from __future__ import annotations

import textwrap
from pathlib import Path

from PIL import Image

CONSTRUCTS = """
    # One {#sec-one}

    See @fig-a, @tbl-t, @eq-e, @sec-two, @sec-part and [there](two.qmd), [@hood1991].^[A note with *words*.]
    [The file](data.csv) and [a page that isn't](two.qmd#nowhere).

    ## A part {#sec-part}

    ![Drawn.](flow.svg){#fig-a fig-alt="A flow from left to right"}

    | A | B |
    | - | - |
    | 1 | 2 |

    : Rows {#tbl-t}

    $$ x^2 < y $$ {#eq-e}

    ::: {.callout-note collapse="true"}
    ## Kept open
    Called out.
    :::

    ::: {.panel-tabset}
    ## First tab
    In the first.

    ## Second tab
    In the second.
    :::

    <div><p>Raw <b>words<br>in two lines</p>
    <script>alert(1)</script></div>

    H<sub>2</sub>O &nbsp; and <kbd>Ctrl</kbd>.

    ::: {.content-visible when-format="html"}
    <p>Shown where HTML is<br>one more</p>
    :::

    ::: {.content-visible when-format="html:js"}
    Only where scripts run.
    :::

    ::: {.content-visible when-format="epub"}
    Only in an e-book.
    :::

    ```{.python code-line-numbers="true"}
    if a < b and c: pass  # kept
    ```

    [Aside.]{.aside} ~~gone~~ "Quoted" --- [small]{.smallcaps}

    Term
    :   Defined.

    1. One
       a. Nested
"""
RARER = """
    # Three {#sec-three}

    ::: {#thm-line}
    ## Lines
    Two points make a line, see @thm-line.
    :::

    ::: {.proof}
    By drawing one.
    :::

    ::: {#fig-both layout-ncol=2}
    ![Left](flow.svg){#fig-left}

    ![Right](flow.svg){#fig-right}

    Both sides
    :::

    ::: {layout="[30, 70]"}
    Narrow column.

    Wide column.
    :::

    ```{#lst-code .python lst-cap="Code with notes"}
    import this  # <1>
    print(this)  # <2>
    ```
    1. What is read
    2. What is shown

    ::: {.column-margin}
    In the margin.
    :::

    ::: {.callout-warning appearance="simple" icon=false}
    Without a title.
    :::

    ::: {.callout-tip collapse="false"}
    ## A tip that is open
    With *words*.

    - and a list
    :::

    | A line
    | another

    +------+-------+
    | Head | Two   |
    |      | lines |
    +======+=======+
    | a    | - b   |
    |      | - c   |
    +------+-------+

    : Of blocks {#tbl-blocks}

    <details><summary>More</summary>

    Inside *it*.

    </details>

    <table><tr><th rowspan="2">H</th><td>x</td></tr><tr><td>y</td></tr></table>

    ![](flow.svg){fig-align="right" width="50%" .lightbox}

    A [term with a title](https://example.org "Title"){.external target="_blank"} & more.
    Inline $a_1$, a broken $\\notacommand{x}$, `code`{.r} and a [span]{.mark style="color: red"}.

    {{< pagebreak >}}

    After it.
"""
TWO = "# Two {#sec-two}\n\nSee @fig-a.\n\n## A part\n\nAgain[^1].\n\n[^1]: Second note.\n"
FLOW = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10"/></svg>'


def write_book(root: Path) -> Path:
    """Write the book into a new folder, and return it."""
    root.mkdir()
    (root / "_quarto.yml").write_text(
        "project:\n  type: book\nbook:\n  title: A *small* book\n  subtitle: Of much\n  author:\n"
        "    - name: Ann van Author\n      orcid: 0000-0002-1825-0097\n  date: 2026-03-04\n"
        "  chapters: [index.qmd, one.qmd, two.qmd, three.qmd, references.qmd]\n  appendices: [extra.qmd]\n"
        "bibliography: references.bib\nlang: en\nkeywords: [alpha, beta]\nexecute:\n  echo: false\n"
        "link-citations: true\nformat:\n  html: default\n  epub:\n    css: own.css\n    epub-cover-image: cover.png\n",
        "utf8",
    )
    (root / "references.bib").write_text(
        "@article{hood1991,\n  author = {Hood, Christopher},\n  title = {A Public Management for All Seasons?},\n"
        "  journal = {Public Administration},\n  year = {1991}\n}\n",
        "utf8",
    )
    files = {
        "index.qmd": "# Preface {.unnumbered}\n\nHello.\n",
        "one.qmd": textwrap.dedent(CONSTRUCTS),
        "two.qmd": TWO,
        "three.qmd": textwrap.dedent(RARER),
        "references.qmd": "# References {.unnumbered}\n\n::: {#refs}\n:::\n",
        "extra.qmd": "# Extra {#sec-extra}\n\n## More\n\nSee @sec-one and @tbl-t.\n",
        "flow.svg": FLOW,
        "own.css": "p { margin: 0; }\n",
        "data.csv": "a,b\n1,2\n",
    }
    for name, content in files.items():
        (root / name).write_text(content, "utf8")
    Image.new("RGB", (30, 40), "teal").save(root / "cover.png")
    return root
