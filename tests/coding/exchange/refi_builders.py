"""Small REFI-QDA files in the manner of each program, from synthetic text.

What each program does is in the standard (REFI-QDA 1.5) and was seen in files that the programs wrote.
"""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

TALK = (
    "Interviewer 🙂: who asks you to change a service?\n"
    "Respondent: the ministry asks, mostly. Ведомство просит.\n"
    "Interviewer 🙂: and the people?\n"
    "Respondent: people ask too, when queues are long 🙂 at the counter.\n"
)
SECOND = "Respondent: nobody asked us. We changed it ourselves.\n"
MINISTRY, RUSSIAN, QUEUES = "the ministry asks", "Ведомство", "queues are long 🙂 at the counter"


def guid(name: str) -> str:
    """The same GUID for the same name, in upper case as most programs write them."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name)).upper()


def span(raw: str, words: str, *, utf16: bool = False, crlf: int = 2) -> tuple[int, int]:
    """Where the words stand, counted as the program counts; a mark at the beginning doesn't count."""

    def position(part: str) -> int:
        part = part.removeprefix("\ufeff")
        pairs = part.count("\r\n")
        wide = sum(ord(letter) > 0xFFFF for letter in part) if utf16 else 0
        return len(part) + wide - pairs * (2 - crlf)

    at = raw.index(words)
    return position(raw[:at]), position(raw[: at + len(words)])


def selection(
    raw: str, words: str, *codes: str, user: str = "", name: str = "", inside: str = "", **how: int
) -> str:
    start, end = span(raw, words, **how)  # type: ignore[arg-type]
    codings = "".join(coding(f"{words}{code}{user}", code, user) for code in codes)
    named = f" name={quoteattr(name)}" if name else ""
    return (
        f'<PlainTextSelection guid="{guid("sel" + words + user)}"{named} startPosition="{start}" endPosition="{end}"'
        f"{_user(user)}>{inside}{codings}</PlainTextSelection>"
    )


def coding(name: str, code: str, user: str = "") -> str:
    return (
        f'<Coding guid="{guid("coding" + name)}"{_user(user)}><CodeRef targetGUID="{guid(code)}"/></Coding>'
    )


def code(name: str, *inside: str, said: str = "", codable: bool = True) -> str:
    described = f"<Description>{escape(said)}</Description>" if said else ""
    return (
        f'<Code guid="{guid(name)}" name={quoteattr(name)} isCodable="{str(codable).lower()}" color="#46AA00">'
        f"{described}{''.join(inside)}</Code>"
    )


def codebook(*codes: str) -> str:
    return f"<CodeBook><Codes>{''.join(codes)}</Codes></CodeBook>"


def users(*names: str) -> str:
    return "<Users>" + "".join(f'<User guid="{guid(name)}" name="{name}"/>' for name in names) + "</Users>"


def source(
    name: str, *inside: str, file: str = "", path: str = "internal://", kind: str = "TextSource"
) -> str:
    where = f' plainTextPath="{path}{file}"' if file else ""
    named = f" name={quoteattr(name)}" if name else ""
    return f'<{kind} guid="{guid("source" + name)}"{named}{where}>{"".join(inside)}</{kind}>'


def note(name: str, text: str = "", *, user: str = "", file: str = "") -> str:
    where = f' plainTextPath="internal://{file}"' if file else ""
    content = f"<PlainTextContent>{escape(text)}</PlainTextContent>" if text else ""
    return f'<Note guid="{guid(name)}" name="{name}"{where}{_user(user)}>{content}</Note>'


def project(
    origin: str, *parts: str, attributes: str = "", namespace: str = "urn:QDA-XML:project:1.0"
) -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<Project name="A study" origin="{origin}" {attributes} '
        f'xmlns="{namespace}">{"".join(parts)}</Project>'
    )


def qdpx(
    path: Path, xml: str, texts: Mapping[str, str | bytes] | None = None, *, folder: str = "sources"
) -> Path:
    members = {f"{folder}/{name}": text for name, text in (texts or {}).items()}
    return packed(path, {"project.qde": xml, **members})


def packed(path: Path, members: Mapping[str, str | bytes]) -> Path:
    """An archive of these members; the same ones give the same bytes."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content if isinstance(content, bytes) else content.encode())
    return path


def _user(name: str) -> str:
    return f' creatingUser="{guid(name)}"' if name else ""


# -- the manner of each program -------------------------------------------------------------------------------


def nvivo_windows(path: Path) -> Path:
    """UTF-16 units, CR LF as two, a mark, no users at the codings; cases are codes; memos hang on links."""
    raw = "\ufeff" + TALK.replace("\n", "\r\n")
    xml = project(
        "NVivo for Windows 12.6",
        users("Askar B."),
        codebook(
            code("Cases", code("Aigerim S."), codable=False),
            code("Pressure", code("Ministry", said="Orders from above."), code("People")),
        ),
        f'<Variables><Variable guid="{guid("v")}" name="Cases:Position" typeOfVariable="Text"/></Variables>',
        f'<Cases><Case guid="{guid("case")}" name="Aigerim S."><CodeRef targetGUID="{guid("Aigerim S.")}"/>'
        f'<VariableValue><VariableRef targetGUID="{guid("v")}"/><TextValue>Head of office</TextValue></VariableValue>'
        "</Case></Cases>",
        "<Sources>",
        source(
            "Interview with Aigerim.docx",
            selection(raw, MINISTRY, "Ministry", utf16=True),
            selection(raw, QUEUES, "People", "Pressure", utf16=True),
            coding("whole", "Aigerim S."),
            file="T1.txt",
        ),
        "</Sources><Notes>",
        note("Thoughts", file="N1.txt", user="Askar B."),
        f'</Notes><Links><Link guid="{guid("link")}" originGUID="{guid("Thoughts")}" '
        f'targetGUID="{guid("sel" + MINISTRY)}"/></Links>',
        attributes=f'creatingUserGUID="{guid("nobody listed")}" basePath=""',
    )
    return qdpx(path, xml, {"T1.txt": raw, "N1.txt": "\ufeffShe lowers her voice here."}, folder="Sources")


def nvivo_mac(path: Path) -> Path:
    """A member .root, an empty source, one of a byte, and codes seven levels deep."""
    deep = code("L7")
    for level in range(6, 0, -1):
        deep = code(f"L{level}", deep)
    xml = project(
        "NVivo for Mac 15",
        users("Askar"),
        codebook(deep),
        "<Sources>",
        source("Empty", f'<PlainTextSelection guid="{guid("e")}" startPosition="3" endPosition="9">',
               coding("e", "L7", "Askar"), "</PlainTextSelection>", file="E.txt"),
        source("One byte", file="O.txt"),
        source("Talk", selection(TALK, MINISTRY, "L7", user="Askar", utf16=True), file="T.txt"),
        "</Sources>",
    )  # fmt: skip
    return qdpx(path, xml, {".root": "", "E.txt": "", "O.txt": "\n", "T.txt": TALK})


def atlas_ti(path: Path, *, salt: str = "") -> Path:
    """The project is named after itself; CR LF counts one; comments are descriptions; GUIDs change at each export."""
    raw = TALK.replace("\n", "\r\n")
    xml = project(
        "ATLAS.ti Win 23.4.0",
        users("Ada"),
        codebook(code("Ministry"), code("People", said="Demand from below.")),
        "<Sources>",
        source(
            "Interview 1",
            selection(raw, MINISTRY, "Ministry", user="Ada", crlf=1, name="1:1 p 1 in Interview 1"),
            selection(
                raw, QUEUES, "People", user="Ada", crlf=1, inside="<Description>A turning point</Description>"
            ),
            file="A.txt",
        ),
        "</Sources>",
        f'<Sets><Set guid="{guid("set")}" name="Drivers"><MemberCode targetGUID="{guid("Ministry")}"/></Set></Sets>',
    )
    for name in ("Ada", "Ministry", "People", "sourceInterview 1", "set", "sel" + MINISTRY + "Ada"):
        xml = xml.replace(guid(name), guid(name + salt))
    return packed(path, {"Trial.qde": xml, "sources/A.txt": raw})


def maxqda(path: Path) -> Path:
    """Names of selections repeat their text; variables stand in cases without a name; every code is described."""
    xml = project(
        "MAXQDA 24 (Release 24.7.0)",
        users("m1", "m2"),
        codebook(code("Ministry", said="d"), code("People", said="d")),
        f'<Variables><Variable guid="{guid("v")}" name="Region" typeOfVariable="Text"/></Variables>',
        f'<Cases><Case guid="{guid("c")}"><VariableValue><VariableRef targetGUID="{guid("v")}"/><TextValue>Oblast K'
        f'</TextValue></VariableValue><SourceRef targetGUID="{guid("sourceInterview 1")}"/></Case></Cases>',
        "<Sources>",
        source(
            "Interview 1",
            selection(TALK, MINISTRY, "Ministry", user="m1", name="the ministry ..."),
            selection(TALK, QUEUES, "People", user="m2", name=QUEUES),
            f'<PlainTextSelection guid="{guid("remark")}" startPosition="0" endPosition="11" '
            f'creatingUser="{guid("m1")}"><Description>A hesitant beginning</Description></PlainTextSelection>',
            file="1.txt",
        ),
        "</Sources>",
        f'<Sets><Set guid="{guid("docs")}" name="Wave 1">'
        f'<MemberSource targetGUID="{guid("sourceInterview 1")}"/></Set></Sets>',
    )
    return qdpx(path, xml, {"1.txt": TALK})


def qualcoder(path: Path) -> Path:
    """A mark before the declaration and before each text, categories, and an order that the schema forbids."""
    raw = "\ufeff" + TALK
    xml = "\ufeff" + project(
        "Qualcoder 3.8",
        users("default"),
        "<Sources>",
        source("one.txt", selection(raw, MINISTRY, "Ministry", user="default"), file="Q.txt"),
        "</Sources>",
        codebook(code("Above", code("Ministry", code("Sub")), codable=False)),
        f'<Cases><Case guid="{guid("c")}" name="P1"><SourceRef targetGUID="{guid("sourceone.txt")}"/></Case></Cases>',
    )
    return qdpx(path, xml, {"Q.txt": raw}, folder="Sources")


def qc(path: Path) -> Path:
    """No name, a path without internal://, selections by line, codings of two people in one, a code twice."""
    line = TALK.splitlines(keepends=True)[1]
    again = code("Ministry").replace(guid("Ministry"), guid("Ministry again"))
    xml = project(
        "qc 1.7.0",
        users("x", "y"),
        codebook(code("Ministry"), code("Group", again)),
        "<Sources>",
        source(
            "",
            selection(
                TALK, line, name="line:1", inside=coding("1", "Ministry", "x") + coding("2", "Ministry", "y")
            ),
            file="L.txt",
            path="",
        ),
        "</Sources>",
    )
    return qdpx(path, xml, {"L.txt": TALK})


def media(path: Path) -> Path:
    """Text inside the XML, a PDF with its text, a picture, a recording with a transcript, an unused selection."""
    at = span(TALK, MINISTRY)
    area = 'firstX="1" firstY="2" secondX="30" secondY="40"'

    def ids(name: str) -> str:
        return f'guid="{guid(name)}"'

    def marked(kind: str, name: str, where: str, *, coded: bool = True) -> str:
        inside = coding(name, "Ministry", "u") if coded else ""
        return f"<{kind} {ids(name)} {where}>{inside}</{kind}>"

    inline = f"<PlainTextContent>{TALK}</PlainTextContent>"
    xml = project(
        "f4analyse 3.4",
        users("u"),
        codebook(code("Ministry")),
        "<Sources>",
        source("Inline", inline, selection(TALK, MINISTRY, "Ministry", user="u")),
        f'<PDFSource {ids("pdf")} name="Paper" path="internal://P.pdf">',
        marked("PDFSelection", "p1", f'page="2" {area}'),
        marked("PDFSelection", "p2", f'page="3" {area}', coded=False),
        f'<Representation {ids("rep")} plainTextPath="internal://P.txt">',
        selection(SECOND, "nobody asked us", "Ministry", user="u"),
        f'</Representation></PDFSource><PictureSource {ids("pic")} name="Photo" path="internal://P.jpg">',
        marked("PictureSelection", "s1", area),
        f'</PictureSource><AudioSource {ids("aud")} name="Tape" path="relative:///T.m4a">',
        f"<Transcript {ids('tr')}>{inline}",
        f'<SyncPoint {ids("y1")} position="{at[0]}" timeStamp="900"/>',
        f'<SyncPoint {ids("y2")} position="{at[1]}" timeStamp="1800"/>',
        marked("TranscriptSelection", "t1", f'fromSyncPoint="{guid("y1")}" toSyncPoint="{guid("y2")}"'),
        "</Transcript>",
        marked("AudioSelection", "a1", 'begin="21477" end="30000"'),
        f"</AudioSource></Sources><Graphs><Graph {ids('graph')}/></Graphs>",
    )
    return qdpx(path, xml, {"P.txt": SECOND, "P.pdf": b"%PDF-", "P.jpg": b"\xff\xd8"})


def quirkos(path: Path) -> Path:
    """Cases without names that only tie variables to sources; codes without colours; no description anywhere."""
    xml = project(
        "Quirkos 2.5",
        users("quirk"),
        codebook(code("Ministry").replace(' color="#46AA00"', "")),
        f'<Variables><Variable guid="{guid("v")}" name="Role" typeOfVariable="Text"/></Variables>',
        f'<Cases><Case guid="{guid("c")}"><VariableValue><VariableRef targetGUID="{guid("v")}"/><TextValue>Official'
        f'</TextValue></VariableValue><SourceRef targetGUID="{guid("sourceOne")}"/></Case></Cases>',
        "<Sources>",
        source("One", selection(TALK, MINISTRY, "Ministry", user="quirk"), file="1.txt"),
        "</Sources>",
    )
    return qdpx(path, xml, {"1.txt": TALK})


def taguette(path: Path) -> Path:
    """A codebook with an empty <Sets/>, which the schema forbids."""
    path.write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="Taguette 1.5">'
        f"<Codes>{code('ministry')}{code('people', said='Demand from below')}</Codes><Sets/></CodeBook>",
        "utf8",
    )
    return path


def atlas_codebook(path: Path) -> Path:
    """The older namespace, and sets whose members carry `guid`."""
    path.write_text(
        '<CodeBook xmlns="urn:QDA-XML:codebook:0:4" origin="ATLAS.ti 9"><Codes>'
        f'<Code guid="{{{guid("Ministry")}}}" name="Ministry" isCodable="true" description="Orders"/></Codes>'
        f'<Sets><Set guid="{guid("s")}" name="Outside"><MemberCode guid="{guid("Ministry")}"/></Set></Sets></CodeBook>',
        "utf8",
    )
    return path
