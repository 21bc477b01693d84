"""A chapter with what others refer to: a section, a formula and a table; after a first one with a figure."""

TWO = """\
# Two {#sec-two}

Second words [@hood1991], see @fig-dot.

## Section {#sec-part}

$$x = 1$$ {#eq-two}

| a | b |
|---|---|
| 1 | 2 |

: A table {#tbl-two}
"""
