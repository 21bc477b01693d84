"""Files as people have them: made by other programs, broken, in old encodings; and a maker of more of them."""

from __future__ import annotations

from hypothesis import strategies as st

_PIECES = """
@article{ @book{ @string{ @comment{ @preamble{ @ @misc( { } ( ) " , = # % \\ \\{ \\'e key1 key2 Key1 author title
year pages journal doi url crossref xdata ids date month isbn issn note number volume edition audit-ignore jan abc
2013 201² 2013-13-45 10.1000/x 10.1000/ http:// https://ezproxy.x.edu:2364/10.1177/1 and others Smith, J. van Thiel
{OECD} &amp; &#99999999999; <i> $ ~ -- – 1- 12-7 ISBN Ã© é e\u0301 Ф aФ 😀 ’ “ [ ] ; : ? . .. / XX İ ß ſ ٣٤٥٦
\\emph{ \\foo o sisteme nykh Law No. Decree Kazakhstan year: missing-doi:
"""
PIECES = [
    *_PIECES.split(),
    " ",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "\x00",
    "\ufeff",
    "\u200b",
    " and ",
    "9" * 4400,
    "x" * 300,
]
_CALM = [piece for piece in PIECES if not set(piece) & set('{}"%@\\#(),=')]
_FIELDS = """
author editor title Title booktitle journal year date month pages volume number doi url isbn issn note publisher
edition crossref langid audit-ignore urldate keywords
"""
_NAMES = _FIELDS.split()
_VALUES = st.one_of(
    st.lists(st.sampled_from(_CALM), max_size=6).map(lambda words: "{" + " ".join(words) + "}"),
    st.sampled_from(
        [
            '"a" # jan # {b}',
            "2013",
            "{a {b} c}",
            '""',
            "{}",
            '"a {"}b"',
            "jan",
            "{1-2}",
            "{Smith, J. and B, C.}",
        ]
    ),
)
_TYPES = st.sampled_from(["article", "book", "MISC", "online", "inbook", "xdata", "legislation", "speech"])
_KEYS = st.sampled_from(["key1", "key2", "Key1", "hood1991", "a:b", "é1999", "a2000"])


def _entry(kind: str, key: str, fields: list[tuple[str, str]]) -> str:
    return f"@{kind}{{{key},\n" + "".join(f"  {name} = {value},\n" for name, value in fields) + "}\n"


def entries() -> st.SearchStrategy[str]:
    """Entries whose form is sound, with fields of any sense."""
    fields = st.lists(st.tuples(st.sampled_from(_NAMES), _VALUES), max_size=7)
    return st.builds(_entry, _TYPES, _KEYS, fields)


def rubbish() -> st.SearchStrategy[str]:
    """Pieces of .bib files in any order."""
    return st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


def files() -> st.SearchStrategy[str]:
    """Texts of .bib files, some sound and some not."""
    between = [
        "% comment\n",
        "\n\n",
        "% head\n\n",
        '@string{jos = "Full"}\n',
        "@comment{x {y} @article{z}}\n",
        "text\n",
        ", \n",
    ]
    sound = st.lists(st.one_of(entries(), st.sampled_from(between)), max_size=7).map("".join)
    return st.one_of(sound, rubbish(), st.lists(st.one_of(entries(), rubbish()), max_size=4).map("".join))


_TEXT = """\
@article{müller1999,
  author = {Müller, Ä.},
  title = {Größe – “Étude”},
  year = 1999
}

@misc{b, note={x}}
"""
_RUSSIAN = """\
@book{ivanov1999,
  author = {Иванов, И. И.},
  title = {Государственное управление в Казахстане},
  year = 1999
}

@misc{b, note={x}}
"""

# One file in the encodings and with the line ends that old programs wrote.
BYTES = {
    "UTF-8": _TEXT.encode(),
    "UTF-8 with a mark": b"\xef\xbb\xbf" + _TEXT.encode(),
    "UTF-16 with a mark": _TEXT.encode("utf-16"),
    "UTF-16 big-endian": _TEXT.encode("utf-16-be"),
    "UTF-16 without a mark": _TEXT.encode("utf-16-le"),
    "UTF-32": _TEXT.encode("utf-32"),
    "Windows Western": _TEXT.encode("cp1252"),
    "Latin-1": _TEXT.replace("–", "-").replace("“", '{"}').replace("”", '{"}').encode("latin-1"),
    "Windows Cyrillic": _RUSSIAN.encode("cp1251"),
    "KOI8-R": _RUSSIAN.encode("koi8-r"),
    "DOS Cyrillic": _RUSSIAN.encode("cp866"),
    "half UTF-8, half Latin-1": _TEXT.encode() + "@misc{c, title={naïve}}\n".encode("latin-1"),
    "CR LF": _TEXT.replace("\n", "\r\n").encode(),
    "CR alone": _TEXT.replace("\n", "\r").encode(),
    "both line ends": _TEXT.encode() + _TEXT.replace("\n", "\r\n").replace("müller", "x").encode(),
    "null bytes": b"@misc{a, title = {x\x00y}}\n\x00\x00",
    "no line end at the end": _TEXT.encode().rstrip(),
    "nothing": b"",
    "a mark alone": b"\xef\xbb\xbf",
    "cut off within a letter": _TEXT.encode()[:25],
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)),
}
