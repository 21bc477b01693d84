"""Filters and shortcodes of the author and of extensions act in every format, or the build says why not."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from tests.render.test_left_out import docx_text, pdf_text

from paper import build
from paper.errors import SourceError

Book = Callable[..., Path]

FILES = {
    "_extensions/owner/many/_extension.yml": """\
        title: Many
        contributes:
          filters: [a.lua, {path: b.lua, at: pre-quarto}]
          shortcodes: [codes.lua]
        """,
    "_extensions/owner/many/a.lua": """\
        local helper = require("helper")
        function Str(el)
          if el.text == "FILTERME" then return pandoc.Str(helper.word) end
        end
        """,
    "_extensions/owner/many/helper.lua": 'return { word = "FILTERED" }\n',
    "_extensions/owner/many/b.lua": """\
        return {
          { Para = function(el)
              if pandoc.utils.stringify(el):find("SECRET") then return {} end
            end },
          { Div = function(el)
              if el.classes:includes("boxed") then
                return quarto.Callout({ type = "tip", title = "Boxed", content = el.content })
              end
            end },
          { Pandoc = function(doc)
              quarto.doc.add_html_dependency({ name = "x", stylesheets = { "own.css" }, scripts = { "own.js" } })
              quarto.log.warning("a word of warning")
              return doc
            end },
        }
        """,
    "_extensions/owner/many/own.css": ".boxed { color: red; }\n",
    "_extensions/owner/many/codes.lua": """\
        return {
          greet = function(args, kwargs, meta)
            local style = pandoc.utils.stringify(kwargs["style"])
            local words = pandoc.Inlines{ pandoc.Str("Hello-" .. pandoc.utils.stringify(args[1])) }
            return style == "strong" and pandoc.Strong(words) or words
          end,
          block = function() return pandoc.BulletList({ { pandoc.Plain("item of a block") } }) end,
        }
        """,
    "own.lua": """\
        function Meta(meta)
          word = pandoc.utils.stringify(meta["my-word"])
        end
        function Str(el)
          if el.text == "METAWORD" then return pandoc.Str(word .. FORMAT) end
          if el.text == "FORMATWORD" and quarto.doc.is_format("html") then return pandoc.Str("page-only") end
        end
        return { { Meta = Meta }, { Str = Str } }
        """,
    "callouts.lua": """\
        function Callout(el)
          if el.type == "note" then el.title = pandoc.Inlines("Changed title") end
          return el
        end
        """,
    "upper.py": """\
        import json, sys
        doc = json.load(sys.stdin)
        text = json.dumps(doc).replace("PROGRAM", "ran-by-" + sys.argv[1])
        sys.stdout.write(text)
        """,
}
ONE = """\
---
filters: [own.lua, callouts.lua, {type: json, path: upper.py}]
my-word: read-
---

# One FILTERME {#sec-one}

FILTERME METAWORD FORMATWORD PROGRAM.

SECRET words.

::: boxed
In a box, @sec-one.
:::

::: {.callout-note}
## Old title
Noted.
:::

Say {{< greet you >}} and [link {{< greet them style=strong >}}](https://x.org/{{< greet url >}}).

{{< block >}}

`{{< greet code >}}` and {{< nobody knows >}}.
"""


def jats_text(archive: Path) -> str:
    with zipfile.ZipFile(archive) as opened:
        [article] = [name for name in opened.namelist() if name.endswith(".xml")]
        return BeautifulSoup(opened.read(article), "xml").get_text(" ")


def epub_text(book: Path) -> str:
    with zipfile.ZipFile(book) as opened:
        pages = [name for name in opened.namelist() if "/text/" in name]
        return " ".join(BeautifulSoup(opened.read(name), "xml").get_text(" ") for name in pages)


def test_filters_and_shortcodes_act_in_every_format(book: Book) -> None:
    root = book(FILES, one=ONE, settings="  epub: default\nfilters: [many]\n")
    report = build.build(root, targets=["html", "pdf", "docx", "epub", "jats"])
    soup = BeautifulSoup((root / "_site/one.html").read_text("utf8"), "lxml")
    main = soup.select_one("main")
    assert main is not None
    texts = {
        "html": main.get_text(" "),
        "typst": pdf_text(next((root / "_site").glob("*.pdf"))),
        "docx": docx_text(next((root / "_site").glob("*.docx"))),
        "jats": jats_text(report.outputs["archive"]),
        "epub": epub_text(report.outputs["e-book"]),
    }
    for form, raw in texts.items():
        text = re.sub(r"\s+", " ", raw)
        for words in ("FILTERED", f"read-{form}", "Boxed", "Changed title", "Hello-you", "Hello-them", "Hello-code",
                      "item of a block", f"ran-by-{form}"):  # fmt: skip
            assert words in text, (form, words)
        for words in ("FILTERME", "SECRET", "Old title", "PROGRAM."):
            assert words not in text, (form, words)
        assert ("page-only" in text) == (form in ("html", "epub"))  # to Quarto an EPUB is HTML, too
        assert ("FORMATWORD" in text) == (form not in ("html", "epub"))
    assert "1 One FILTERED" in re.sub(r"\s+", " ", texts["html"])
    assert soup.select_one('a[href="https://x.org/Hello-url"]') is not None
    said = " ".join(notice.message for notice in report.notices)
    for words in ("a word of warning", "asks for scripts", "no extension defines the shortcode nobody"):
        assert words in said


@pytest.mark.parametrize(
    ("name", "lua", "place", "said"),
    [
        ("bad.lua", "function Str(el)\n  return nothing.at_all\nend\n", "bad.lua:2", "nothing"),
        ("bad.lua", "function Str(el\n", "bad.lua:2", "expected"),
        ("bad.lua", "function Str(el)\n  quarto.doc.fly()\nend\n", "bad.lua:2", "quarto.doc.fly"),
        ("gone.lua", "", "_quarto.yml", "there is no filter 'gone.lua'"),
        ("gone", "", "_quarto.yml", "there is no filter 'gone'"),
    ],
)
def test_a_filter_that_fails_or_is_missing_is_told_with_its_line(
    book: Book, name: str, lua: str, place: str, said: str
) -> None:
    root = book({name: lua} if lua else {}, one="# One\n", settings=f"filters:\n  - {name}\n")
    with pytest.raises(SourceError) as refused:
        build.build(root, targets=["html"])
    assert place in str(refused.value)
    assert said in str(refused.value)


def test_filters_run_in_their_order_and_one_meant_for_later_is_told(book: Book) -> None:
    add = 'function Para(el)\n  el.content:insert(pandoc.Str("-{0}"))\n  return el\nend\n'
    files = {f"{name}.lua": add.format(name) for name in ("late", "first", "plain", "after")}
    front = "---\ntitle: One\nfilters:\n  - path: late.lua\n    at: post-quarto\n  - plain.lua\n"
    front += "  - path: first.lua\n    at: pre-ast\n  - quarto\n  - after.lua\n---\n\nWords\n"
    root = book(files, one=front)
    report = build.build(root, targets=["html"])
    assert "Words-first-plain-late-after" in (root / "_site/one.html").read_text("utf8")
    told = {(f.place, f.message.partition(":")[0]) for f in report.notices if f.rule == "filter-late"}
    assert told == {
        ("one.qmd", "the filter late.lua is meant for post-quarto"),
        ("one.qmd", "the filter after.lua is meant for post-render"),
    }


def test_a_filter_finds_the_books_files_and_their_numbers(book: Book) -> None:
    lua = """\
        function Pandoc(doc)
          local seen = pandoc.List({})
          for _, item in pairs(doc.meta.book.render) do
            local number = item.number and pandoc.utils.stringify(item.number) or "none"
            seen:insert(pandoc.utils.stringify(item.file) .. "=" .. number)
          end
          doc.blocks:insert(pandoc.Para(table.concat(seen, " ")))
          return doc
        end
        """
    root = book({"f.lua": lua}, one="# One\n", two="# Two {.unnumbered}\n", three="# Three\n",
                settings="filters: [f.lua]\n")  # fmt: skip
    build.build(root, targets=["html"])
    assert "one.qmd=1 two.qmd=none three.qmd=2" in (root / "_site/one.html").read_text("utf8")


def test_a_changed_filter_acts_anew(book: Book) -> None:
    root = book({"f.lua": 'function Str(el) return pandoc.Str("of-old") end\n'}, one="# One\n\nText\n",
                settings="filters: [f.lua]\n")  # fmt: skip
    build.build(root, targets=["html"])
    (root / "f.lua").write_text('function Str(el) return pandoc.Str("second") end\n')
    build.build(root, targets=["html"])
    text = (root / "_site/one.html").read_text("utf8")
    assert "second" in text
    assert "of-old" not in text
