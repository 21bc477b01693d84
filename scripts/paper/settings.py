"""Files of settings, read into plain objects: YAML as Quarto reads it, and lines ``NAME=value``."""

from __future__ import annotations

import datetime as dt
import pickle
import re
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from paper.errors import Place, ProjectError

Yaml = dict[str, Any]
ENDINGS: Final = (".yml", ".yaml")  # of files of settings, as Quarto finds them
MAX_VALUES = 100_000  # values of a settings file when every alias is written out


def read_yaml(path: Path, name: str = "") -> Yaml:
    """Return a YAML file that holds a mapping. Raises ProjectError with the line of what is wrong.

    name: how errors call it, where its own name doesn't tell.
    """
    name = name or path.name
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise ProjectError(
            "the file is missing", place=Place(name), remedy="restore it, or create it"
        ) from None
    except UnicodeDecodeError as error:
        raise ProjectError(
            f"not UTF-8 (byte {error.start})", place=Place(name), remedy="save the file as UTF-8"
        ) from None
    return parse_yaml(text, name)


def parse_yaml(text: str, file: str, first_line: int = 1) -> Yaml:
    """YAML text that holds a mapping; ``file`` and ``first_line`` say where it stands, for errors."""
    try:
        value = pickle.loads(_load(text))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + mark.line if mark else None
        raise ProjectError(
            f"not valid YAML: {error.problem or error.context}",
            place=Place(file, line, mark.column + 1 if mark else None),
            remedy="check indentation (spaces, no tabs there), colons and quotation marks near that line",
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ProjectError(f"not valid YAML: {error}", place=Place(file, first_line)) from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ProjectError("expected settings of the form `name: value`", place=Place(file, first_line))
    return {str(key): val for key, val in value.items()}


@lru_cache(maxsize=64)
def compose(text: str) -> yaml.Node | None:
    """Return the nodes of YAML text, each with its place; they are everybody's. Raises yaml.YAMLError."""
    return _loaded(text)[1]


@lru_cache(maxsize=64)
def _load(text: str) -> bytes:
    """Return the value of YAML text, pickled, so that all who read one file in a build have a value of their own."""
    loader, node = _loaded(text)
    return pickle.dumps(None if node is None else loader.construct_document(node))


def _loaded(text: str) -> tuple[Any, yaml.Node | None]:
    """Return a loader and the nodes of its text, by libyaml, ten times as fast, where both read the text alike.

    libyaml refuses tabs. What it refuses otherwise is told in the words of the other.
    """
    if "\t" not in text:
        with suppress(yaml.YAMLError):
            quick = _QuickLoader(text)
            node = quick.get_single_node()
            if _size(node) <= MAX_VALUES:
                return quick, node
    loader = _Loader(text)
    return loader, loader.get_single_node()


def _size(node: yaml.Node | None) -> int:
    """Return how many values a node holds, its aliases written out; more than MAX_VALUES for an alias in itself."""
    sizes: dict[int, int] = {}

    def size(one: yaml.Node) -> int:
        if id(one) not in sizes:
            sizes[id(one)] = MAX_VALUES + 1  # as long as it isn't known
            below = one.value if isinstance(one, yaml.CollectionNode) else []
            inner = (x for pair in below for x in pair) if isinstance(one, yaml.MappingNode) else below
            sizes[id(one)] = 1 + sum(map(size, inner))
        return sizes[id(one)]

    return size(node) if node is not None else 0


_BREAKS = "\0\r\n\x85\u2028\u2029"  # what ends a line, for PyYAML


class _Values(yaml.constructor.SafeConstructor, yaml.resolver.Resolver):
    """The values of YAML 1.2 as Quarto's reader (js-yaml) takes them, without keys given twice.

    PyYAML reads YAML 1.1, in which ``yes`` is a truth value, ``010`` is eight, ``12:30`` is a number of seconds and
    a tab parts nothing; ruamel.yaml, which reads 1.2, refuses tabs after a colon too and takes 0.15 s to import.
    https://github.com/quarto-dev/quarto-cli/blob/main/src/core/yaml.ts
    """

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [
            (tag, pattern)
            for tag, pattern in resolvers
            if tag.rpartition(":")[2] not in ("bool", "int", "float", "timestamp", "value")
        ]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                continue
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str | int | float | bool | dt.date | None):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key must be plain text", key_node.start_mark
                )
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key!r} is given twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def _expression(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> str:
    """``!expr`` marks R code for knitr; elsewhere Quarto keeps it as text."""
    return str(loader.construct_scalar(node))


def _integer(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> int:
    text = str(loader.construct_scalar(node)).replace("_", "").lower()
    digits = text.lstrip("+-")
    base = {"0x": 16, "0o": 8, "0b": 2}.get(digits[:2], 10)
    return int(digits, base) * (-1 if text.startswith("-") else 1)


_Values.add_constructor("!expr", _expression)
_Values.add_constructor("tag:yaml.org,2002:int", _integer)
for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0o[0-7_]+|[0-9][0-9_]*)", "-+0123456789"),
    (
        "float",
        r"[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?|[-+]?\.[0-9_]+(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        "-+0123456789.",
    ),
):
    _Values.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _first)


class _Loader(_Values, yaml.SafeLoader):
    """A reader in Python, which takes tabs and tells what is wrong, without bombs of aliases."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._sizes: dict[int, int] = {}  # values beneath each node, by the node's identity

    def scan_to_next_token(self) -> None:
        """Skip what parts tokens; a tab does, but where it would indent a block."""
        super().scan_to_next_token()
        while self.peek() == "\t":
            length = 1
            while self.peek(length) in " \t":
                length += 1
            before = self.buffer[self.pointer - self.column : self.pointer]
            if not (before.strip() or self.flow_level or self.peek(length) in _BREAKS + "#"):
                return
            self.forward(length)
            super().scan_to_next_token()

    def scan_plain_spaces(self, indent: int, start_mark: Any) -> Any:
        """Read what parts the words of a plain scalar: tabs as well as spaces."""
        length = 0
        while self.peek(length) in " \t":
            length += 1
        white = self.prefix(length)
        if "\t" not in white:
            return super().scan_plain_spaces(indent, start_mark)
        self.forward(length)
        if self.peek() in _BREAKS:
            return super().scan_plain_spaces(indent, start_mark)
        return [white]

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        alias, mark = self.check_event(yaml.AliasEvent), self.get_mark()
        node = super().compose_node(parent, index)
        if alias and id(node) not in self._sizes:
            raise yaml.composer.ComposerError(None, None, "an alias within itself", mark)
        if not alias:
            below: list[Any] = []
            if isinstance(node, yaml.MappingNode):
                below = [inner for pair in node.value for inner in pair]
            elif isinstance(node, yaml.SequenceNode):
                below = node.value
            self._sizes[id(node)] = size = 1 + sum(self._sizes[id(inner)] for inner in below)
            if size > MAX_VALUES:
                raise yaml.YAMLError(f"more than {MAX_VALUES:,} values, its aliases written out")
        return node


class _QuickLoader(_Values, yaml.CSafeLoader):
    """A reader in C, which takes no tabs."""


def line_of(path: Path, *keys: str) -> int | None:
    """Return the line on which a nested key of a YAML file stands, from 1; None where it doesn't."""
    try:
        node = compose(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return None
    line = None
    for key in keys:
        if not isinstance(node, yaml.MappingNode):
            return line
        for key_node, value_node in node.value:
            if key_node.value == key:
                line, node = key_node.start_mark.line + 1, value_node
                break
        else:
            return line
    return line


def either_ending(path: Path) -> Path:
    """Return a file of settings that Quarto finds by either ending: the path, or ``.yaml`` where there is only that."""
    other = path.with_suffix(".yaml")
    return other if not path.is_file() and other.is_file() else path


def project_file(folder: Path) -> Path:
    """Return the file of a project's settings in its folder, ``_quarto.yml`` or ``_quarto.yaml``, if there is one."""
    return either_ending(folder / "_quarto.yml")


def place_of(root: Path, *keys: str) -> Place:
    """Return where a nested key of the project's settings stands; without keys, their file."""
    file = project_file(root)
    return Place(file.name, line_of(file, *keys) if keys else None)


def merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> Yaml:
    """Lay one mapping over another as Quarto lays a profile over ``_quarto.yml``: mappings merge, lists join."""
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            merged[key] = merge(old, value)
        elif isinstance(old, list) and isinstance(value, list):
            merged[key] = old + [item for item in value if item not in old]
        else:
            merged[key] = value
    return merged


def read_environment(path: Path) -> dict[str, str]:
    """Return the variables of a file of lines ``NAME=value``, as dotenv reads them."""
    results: dict[str, str] = {}
    for line in path.read_text("utf-8-sig", errors="replace").splitlines():
        if match := re.match(r"\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$", line):
            quoted = re.match(r"\"((?:[^\"\\]|\\.)*)\"|'([^']*)'", match[2])
            bare = re.sub(r"\s+#.*$", "", match[2])
            results[match[1]] = next((g for g in quoted.groups() if g is not None), "") if quoted else bare
    return results


def as_list(value: Any) -> list[Any]:
    """Return what may be given alone or as a list."""
    return list(value) if isinstance(value, list | tuple) else [value]


def as_mapping(value: Any) -> Yaml:
    """Return a setting that may hold others; an empty one where it is none."""
    return dict(value) if isinstance(value, Mapping) else {}
