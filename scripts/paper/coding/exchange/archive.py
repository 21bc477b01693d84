"""A .qdpx archive, read with distrust: nothing is unpacked to disk, and what looks like an attack is refused."""

from __future__ import annotations

import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath, PureWindowsPath

from paper.errors import DataError, Place

MiB = 1024 * 1024
MAX_ARCHIVE = 2048 * MiB  # on disk; recordings and pictures may be large, and are never unpacked
MAX_MEMBERS = 20_000
MAX_MEMBER = 128 * MiB  # of project.qde or of one text, unpacked
MAX_READ = 512 * MiB  # of everything that is unpacked
MAX_RATIO = 500  # unpacked against packed; real projects stay below 100
RATIO_FROM = 4 * MiB  # smaller members may pack as well as they like


class Archive:
    """The members of a zip file, by their names in lower case. Raises DataError where it is refused."""

    def __init__(self, path: Path) -> None:
        self._place = Place(path.name)
        self._read = 0
        if path.stat().st_size > MAX_ARCHIVE:
            raise self._refused(f"larger than {MAX_ARCHIVE // MiB} MiB")
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise DataError(
                f"not a readable zip archive ({error})",
                place=self._place,
                remedy="export the project again from the program; a download may have been cut short",
            ) from None
        self._members: dict[str, zipfile.ZipInfo] = {}
        infos = self._zip.infolist()
        if len(infos) > MAX_MEMBERS:
            raise self._refused(f"more than {MAX_MEMBERS} files inside")
        for info in infos:
            self._admit(info)

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def names(self) -> list[str]:
        """Names of all files in it, in lower case, with forward slashes."""
        return list(self._members)

    def find(self, name: str) -> str | None:
        """Return the member of that name in any folder called sources, or at the top; None where there is none."""
        wanted = name.replace("\\", "/").strip("/").lower()
        for candidate in (f"sources/{wanted}", wanted):
            if candidate in self._members:
                return candidate
        return None

    def read(self, name: str) -> bytes:
        """Return the bytes of a member, never more than the limits allow."""
        info = self._members[name]
        parts: list[bytes] = []
        size = 0
        try:
            with self._zip.open(info) as stream:
                while block := stream.read(MiB):
                    size += len(block)
                    self._read += len(block)
                    if size > MAX_MEMBER:
                        raise self._refused(f"a file inside is larger than {MAX_MEMBER // MiB} MiB unpacked")
                    if self._read > MAX_READ:
                        raise self._refused(f"the texts inside are larger than {MAX_READ // MiB} MiB")
                    parts.append(block)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise DataError(
                f"a file inside can't be unpacked ({error})",
                place=self._place,
                remedy="export the project again from the program",
            ) from None
        return b"".join(parts)

    def _admit(self, info: zipfile.ZipInfo) -> None:
        name = info.filename.replace("\\", "/")
        posix, windows = PurePosixPath(name), PureWindowsPath(name)
        if posix.is_absolute() or windows.drive or windows.root or ".." in posix.parts or "\0" in name:
            raise self._refused("a file inside has a path that leads out of the archive")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise self._refused("a file inside is a link")
        if info.is_dir():
            return
        if info.flag_bits & 0x1:
            raise DataError(
                "the archive is encrypted",
                place=self._place,
                remedy="export the project without a password, into data/private/",
            )
        if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise self._refused(f"a file inside unpacks to more than {MAX_RATIO} times its size")
        key = name.lower()
        if key in self._members:
            raise self._refused("two files inside have the same name")
        self._members[key] = info

    def _refused(self, why: str) -> DataError:
        return DataError(
            f"refused: {why}",
            place=self._place,
            remedy="a project that a coding program wrote has no such thing; export it again, or ask who sent it",
        )
