"""What pandoc leaves to do on a Word file: its properties, its running head, bytes that don't change."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from paper.parsing.rawhtml.colours import WORD
from paper.writers.wordtables import LAYOUT, set_layout, set_table

if TYPE_CHECKING:
    from docx.document import Document

TABLE_NOTE = "Table Note"
CELL_MARGINS = 216  # twips that Word keeps free at both sides of a cell
TWIP = 635  # of Word's units of length, a twentieth of a point
# pandoc's own file is counted there, not this one; a word processor counts anew.
APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
LONGEST_PROPERTY = 255  # characters that python-docx writes into one
_CELL_MARGINS = (("top", 0), ("left", 108), ("bottom", 0), ("right", 108))  # Word's own, in twips
# Endings of what is compressed already, so that an archive stores it: to try again takes a second for 20 MB.
COMPRESSED = (
    ".docx", ".gif", ".gz", ".jpeg", ".jpg", ".mp3", ".mp4", ".png", ".webm", ".webp", ".woff2", ".xlsx", ".zip",
)  # fmt: skip
EARLIEST = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)  # the first moment that a ZIP archive can name


@dataclass(frozen=True)
class Properties:
    """What a Word file says of itself; what is "" is removed."""

    title: str
    """The document's title."""
    author: str = ""
    """Its authors, parted by semicolons."""
    subject: str = ""
    """What it is about."""
    keywords: tuple[str, ...] = ()
    """Its keywords."""
    lang: str = "en"
    """Its language, a BCP 47 tag."""
    status: str = ""
    """Its state, which also stands over every page."""
    mark: str = ""
    """The mark of synthetic data over every page; "" where there are none."""


def finalise_docx(content: bytes, properties: Properties, moment: int) -> bytes:
    """Finish a Word file: properties, running head, tables; every date is ``moment`` (seconds since 1970)."""
    import docx
    from docx.oxml.ns import qn
    from docx.table import Table

    document = docx.Document(io.BytesIO(content))
    describe(document, properties, moment)
    for section in document.sections:
        set_header_and_footer(section, properties)
    size_sections(document)
    styles = {style.name or "": style.style_id for style in document.styles}  # one by one they take a second
    for table in [Table(tbl, document._body) for tbl in document.element.body.iter(qn("w:tbl"))]:
        if table._tbl.tblPr.style == LAYOUT:
            set_layout(table)
        else:
            set_table(table, _room(document, table), styles)
    describe_pictures(document)
    colour_words(document)
    add_table_base(document)
    pictures: dict[str, bytes] = {}
    for part in document.part.package.iter_parts():
        if part.partname == "/docProps/app.xml":
            part._blob = APP
        elif part.partname.lower().endswith(COMPRESSED):  # python-docx would compress it again
            pictures[part.partname.removeprefix("/")], part._blob = part.blob, b""
    stream = io.BytesIO()
    document.save(stream)
    return make_repeatable(stream.getvalue(), moment, pictures)


def add_table_base(document: Document) -> None:
    """Add Word's own base of table styles, which pandoc's style "Table" names and doesn't bring."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    styles = document.styles.element
    if styles.xpath("./w:style[@w:styleId='TableNormal']"):
        return
    sides = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in _CELL_MARGINS)
    base = parse_xml(
        f'<w:style {nsdecls("w")} w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/>'
        f'<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>{sides}</w:tblCellMar></w:tblPr></w:style>'
    )
    for style in styles.xpath("./w:style[@w:type='table' and @w:default='1']"):
        style.attrib.pop(next(name for name in style.attrib if name.endswith("}default")))
    styles.append(base)


def size_sections(document: Document) -> None:
    """Give each section of pages the size and margins of the last, those across turned."""
    from docx.enum.section import WD_ORIENTATION

    *others, last = document.sections
    for section in others:
        across = section.orientation == WD_ORIENTATION.LANDSCAPE
        size = (last.page_width, last.page_height)
        section.page_width, section.page_height = reversed(size) if across else size
        for name in (
            "left_margin",
            "right_margin",
            "top_margin",
            "bottom_margin",
            "header_distance",
            "footer_distance",
        ):
            setattr(section, name, getattr(last, name))


def _room(document: Document, table: Any) -> int:
    """Return the width, in twips, of the text where a table stands: of its cell, else of the section that ends next."""
    for cell in table._tbl.xpath("ancestor::w:tc[1]"):
        columns = cell.xpath("ancestor::w:tbl[1]/w:tblGrid/w:gridCol/@w:w")
        at = len(cell.xpath("preceding-sibling::w:tc"))
        return int(columns[min(at, len(columns) - 1)]) - CELL_MARGINS
    ends = table._tbl.xpath("following::w:sectPr[1]")
    page = next((s for s in document.sections if ends and s._sectPr is ends[0]), document.sections[-1])
    return int(((page.page_width or 0) - (page.left_margin or 0) - (page.right_margin or 0)) // TWIP)


def colour_words(document: Document) -> None:
    """Give the character styles for words in colour (``rawhtml.colours.word_style``) what their names say."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    for style in document.styles:
        named = re.fullmatch(rf"{WORD} (auto|[0-9A-F]{{6}})(?: on ([0-9A-F]{{6}}))?", style.name or "")
        if named is None:
            continue
        if named[1] != "auto":
            style.font.color.rgb = RGBColor.from_string(named[1])
        if named[2]:
            ground = OxmlElement("w:shd")
            for name, value in (("val", "clear"), ("color", "auto"), ("fill", named[2])):
                ground.set(qn(f"w:{name}"), value)
            style.element.get_or_add_rPr().append(ground)


def describe(document: Document, properties: Properties, moment: int) -> None:
    """Set the core properties; nothing of who made the file, or with what, is left."""
    date = dt.datetime.fromtimestamp(moment, dt.UTC).replace(tzinfo=None)
    core = document.core_properties
    core.title, core.author = _short(properties.title), _short(properties.author)
    core.subject, core.keywords = _short(properties.subject), _short(", ".join(properties.keywords))
    core.language, core.content_status = properties.lang, properties.status
    core.last_modified_by = _short(properties.author)
    core.comments = core.category = core.identifier = core.version = ""
    core.revision = 1
    core.created = core.modified = date


def _short(text: str) -> str:
    """Return a text as a property may hold it: cut at a word where it is too long. The document itself has it whole."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_PROPERTY else text[: LONGEST_PROPERTY - 2].rpartition(" ")[0] + " …"


def set_header_and_footer(section: Any, properties: Properties) -> None:
    """Set the status and the mark of synthetic data over every page, the page's number under it."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    section.header.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    paragraph.text = " · ".join(filter(None, (properties.status, properties.mark)))
    _style(paragraph, "Header")
    section.footer.is_linked_to_previous = False
    paragraph = section.footer.paragraphs[0]
    paragraph.text = ""
    _style(paragraph, "Footer")
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _field(paragraph.add_run(), "PAGE")


def _style(paragraph: Any, name: str) -> None:
    """Set the style, unless the author's own reference document has none of that name."""
    with contextlib.suppress(KeyError):
        paragraph.style = name


def _field(run: Any, code: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind in ("begin", "", "end"):
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = f" {code} "
        run._r.append(part)


def describe_pictures(document: Document) -> None:
    """Each picture by its alternative text alone, where pandoc puts the path of its file."""
    from docx.oxml.ns import qn

    for inline in document.element.body.iter(qn("wp:inline")):
        said = inline.docPr.get("descr", "")
        for properties in inline.iter(qn("pic:cNvPr")):
            properties.set("descr", said)


def make_repeatable(content: bytes, moment: int, others: Mapping[str, bytes] | None = None) -> bytes:
    """Return the archive with its entries sorted (the content types first, as Word has them) and all of one date.

    others: entries, by name, whose content is this and not that of the archive.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            new.writestr(entry(name, moment), others[name] if others and name in others else old.read(name))
    return stream.getvalue()


def entry(name: str, moment: int) -> zipfile.ZipInfo:
    """Return the head of an archive's entry that depends on nothing else. moment: seconds since 1970."""
    date = max(dt.datetime.fromtimestamp(moment, dt.UTC), EARLIEST).timetuple()
    result = zipfile.ZipInfo(name, (date[0], date[1], date[2], date[3], date[4], date[5]))
    stored = name.lower().endswith(COMPRESSED)
    result.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    result.external_attr = 0o644 << 16
    return result
