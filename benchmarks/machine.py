"""The machine that it ran on, without anything that names it."""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import dataclass
from importlib import metadata

import psutil

from paper.tools import pandoc, quarto


@dataclass(frozen=True)
class Machine:
    """What a reader needs to judge the numbers. load: processes that wanted a core before it began, if known."""

    system: str
    cores: int
    gigabytes: float
    versions: dict[str, str]
    quarto: str
    load: float | None

    def lines(self) -> list[str]:
        """The description, a line each."""
        load = "" if self.load is None else f"; load before it began: {self.load:.1f}"
        if self.load is not None and self.load > self.cores / 2:
            load += ", so other work slowed all of it down"
        return [
            f"{self.system}, {self.cores} cores, {self.gigabytes:.0f} GB of memory{load}",
            ", ".join(f"{name} {version}" for name, version in self.versions.items()),
            self.quarto,
        ]


def describe() -> Machine:
    """This machine, now."""
    packages = {
        "Typst": "typst",
        "ipykernel": "ipykernel",
        "Pagefind": "pagefind",
    }
    said = subprocess.run([pandoc.binary(), "--version"], capture_output=True, text=True, check=True).stdout
    versions = {"Python": platform.python_version(), "pandoc": said.split()[1]}
    versions |= {name: metadata.version(package) for name, package in packages.items()}
    found, said = quarto.find()
    return Machine(
        f"{platform.system()} on {platform.machine()}",
        os.cpu_count() or 1,
        psutil.virtual_memory().total / 1e9,
        versions,
        said if found else f"{said}, so nothing is compared with it here",
        os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    )
