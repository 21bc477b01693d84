"""What looks like an attack is refused with a clear message, before anything is unpacked or written."""

from __future__ import annotations

import os
import struct
import zipfile
from pathlib import Path

import pytest
import refi_builders as build

from paper.coding.exchange import archive, markup, refi
from paper.coding.exchange.remarks import Remarks
from paper.errors import DataError


def refused(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        refi.read(path, Remarks())
    assert str(path.parent) not in str(caught.value)
    return str(caught.value)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return tmp_path / "study.qdpx"


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "sources/../../evil.txt",
        "..\\evil.txt",
        "/etc/evil",
        "C:\\evil.txt",
        "\\\\host\\evil",
        "a\\..\\b",
    ],
)
def test_paths_that_lead_out_of_the_archive(study: Path, name: str) -> None:
    build.qdpx(study, build.project("X"))
    with zipfile.ZipFile(study, "a") as out:
        info = zipfile.ZipInfo("x")
        info.filename = name
        out.writestr(info, "evil")

    assert "leads out of the archive" in refused(study)


def test_links(study: Path) -> None:
    build.qdpx(study, build.project("X"))
    with zipfile.ZipFile(study, "a") as out:
        link = zipfile.ZipInfo("sources/T.txt")
        link.external_attr = 0o120777 << 16
        out.writestr(link, "/etc/passwd")

    assert "is a link" in refused(study)


def test_two_files_of_one_name(study: Path) -> None:
    build.qdpx(study, build.project("X"), {"T.txt": "one"})
    with zipfile.ZipFile(study, "a") as out:
        out.writestr("Sources/t.TXT", "two")

    assert "two files inside have the same name" in refused(study)


def test_several_projects_in_one_file(study: Path) -> None:
    with zipfile.ZipFile(study, "w") as out:
        out.writestr("a.qde", build.project("X"))
        out.writestr("b.qde", build.project("X"))

    assert "several projects inside" in refused(study)


def test_an_encrypted_archive(study: Path) -> None:
    build.qdpx(study, build.project("X"))
    data = bytearray(study.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(signature) + offset
        data[at : at + 2] = struct.pack("<H", struct.unpack("<H", data[at : at + 2])[0] | 1)
    study.write_bytes(bytes(data))

    said = refused(study)
    assert "encrypted" in said and "without a password" in said


def test_a_zip_bomb_is_refused_before_it_is_unpacked(study: Path) -> None:
    build.qdpx(study, build.project("X"), {"T.txt": b"\0" * (archive.RATIO_FROM + 1)})

    assert f"more than {archive.MAX_RATIO} times" in refused(study)


def test_a_bomb_that_lies_about_its_size_is_stopped(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_MEMBER", 1000)
    build.qdpx(study, build.project("X", "<!--" + "x" * 2000 + "-->"))

    assert "larger than 0 MiB unpacked" in refused(study)


def test_texts_that_are_too_large_together(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_READ", 3000)
    text = os.urandom(1000).hex()
    sources = [build.source(f"S{n}", file=f"{n}.txt") for n in range(3)]
    build.qdpx(
        study,
        build.project("X", f"<Sources>{''.join(sources)}</Sources>"),
        {f"{n}.txt": text for n in range(3)},
    )

    assert "the texts inside are larger" in refused(study)


def test_too_many_files(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_MEMBERS", 3)
    build.qdpx(study, build.project("X"), {f"{n}.txt": "" for n in range(3)})

    assert "more than 3 files inside" in refused(study)


def test_a_file_too_large_to_look_at(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build.qdpx(study, build.project("X"))
    monkeypatch.setattr(archive, "MAX_ARCHIVE", 10)
    assert "refused: larger than" in refused(study)

    monkeypatch.setattr(refi, "MAX_MEMBER", 10)
    assert "refused: larger than" in refused(build.taguette(study))


def test_damaged_bytes_inside(study: Path) -> None:
    build.qdpx(study, build.project("X", build.users("A" * 300)))
    data = bytearray(study.read_bytes())
    data[60:80] = b"\xff" * 20
    study.write_bytes(bytes(data))

    assert "can't be unpacked" in refused(study)


ENTITY = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
BOMB = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "doctype", [ENTITY, BOMB, '<!DOCTYPE a SYSTEM "http://localhost/x.dtd">', "<!DOCTYPE a>"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types_and_entities(study: Path, doctype: str, encoding: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding}"?>{doctype}<Project name="x">&e;</Project>'
    with zipfile.ZipFile(study, "w") as out:
        out.writestr("project.qde", xml.encode(encoding))

    assert "document type or entities" in refused(study)


def test_elements_nested_without_end(study: Path) -> None:
    deep = markup.MAX_DEPTH * 1000
    codes = '<Code guid="g" name="n" isCodable="true">' * deep + "</Code>" * deep
    build.qdpx(study, build.project("X", f"<CodeBook><Codes>{codes}</Codes></CodeBook>"))

    assert "nest more than" in refused(study)


def test_absurd_positions_are_listed_and_harm_nothing(study: Path) -> None:
    absurd = ["-5", "99999999999999999999999999", "1e9", "", "٣", "0x10"]
    selections = "".join(
        f'<PlainTextSelection guid="{build.guid(value)}" startPosition="{value}" endPosition="{value}">'
        f"{build.coding(value, 'C')}</PlainTextSelection>"
        for value in absurd
    )
    xml = build.project(
        "X",
        build.codebook(build.code("C")),
        "<Sources>",
        build.source("S", selections, file="1.txt"),
        "</Sources>",
    )

    project = refi.read(build.qdpx(study, xml, {"1.txt": build.TALK}), Remarks())

    assert [passage.text for passage in project.passages] == [""] * len(absurd)
    assert len(project.codings) == len(absurd)
