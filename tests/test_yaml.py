"""Settings are read by libyaml where it reads them as the reader in Python does, which takes tabs and tells faults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from paper import settings
from paper.errors import ProjectError

REPOSITORY = Path(__file__).parent.parent
FILES = [*REPOSITORY.glob("*.yml"), *REPOSITORY.glob("data/**/*.yml"), *REPOSITORY.glob(".github/**/*.yml")]
CHAPTERS = [REPOSITORY / "index.qmd", *REPOSITORY.glob("chapters/*.qmd")]
TEXTS = [
    "a: [a:b, c: d]", "a: {b:c}", "a: 'x' y", "a: |\n  x\n   y\nb: >-\n  t", "a: &x [1]\nb: *x", "a: &x [*x]",
    "&a a: *a",
    "a: *q", "? k\n: v", "a: !expr foo(1)", "a: 12:30\nb: 010\nc: yes\nd: 2020-01-01\ne: 1e3\nf: .5\ng: 0x1F",
    "x: &d {a: 1}\ny:\n  <<: *d\n  b: 2", 'a: "\\u00e9\\x41"', "a: é\u2028b", "a: 1\na: 2", "a: %x", "a: @x", "a: `x`",
    "%YAML 1.2\n---\na: 1", "a: 1\n---\nb: 2", "a: 1\n...\n", "[1]: x", "a: [1, 2", "\ufeffa: 1", "a: \x07", "a:\n- b",
    "a: b: c", "a: #c\n  d", "a: !!str 1", "a: !!python/object:x 1", "a: =", "a: http://x.y/z#q", "{a: 1, b}", "a: '",
    "a: >\n\n  x\n\n\n  y\n", "a: \U0001f600", 'a: "\\q"', "[" * 3000, "? [a, b]\n: c", "!!set {a, b}", "a:\tb\tc", "",
]  # fmt: skip


def front_matter(path: Path) -> str:
    text = path.read_text("utf8")
    return text[4:].partition("\n---")[0] if text.startswith("---\n") else ""


def in_python(text: str) -> tuple[Any, yaml.Node | None]:
    loader = settings._Loader(text)
    return loader, loader.get_single_node()


def outcome(text: str, load: Any) -> object:
    """Return the nodes with their places, and the value; or what is wrong."""

    def nodes(node: Any) -> object:
        place = (node.tag, node.start_mark.line, node.start_mark.column)
        if isinstance(node, yaml.MappingNode):
            return place, [(nodes(key), nodes(value)) for key, value in node.value]
        return place, list(map(nodes, node.value)) if isinstance(node, yaml.SequenceNode) else node.value

    try:
        loader, node = load(text)
        return node and (nodes(node), repr(loader.construct_document(node)))
    except RecursionError:
        return "too deep"
    except (yaml.YAMLError, ValueError) as error:
        return type(error), str(error)


@pytest.mark.parametrize("text", [*TEXTS, *map(Path.read_text, FILES), *map(front_matter, CHAPTERS)])
def test_both_readers_read_alike(text: str) -> None:
    read, own = outcome(text, settings._loaded), outcome(text, in_python)
    if isinstance(own, tuple) and own and own[0] is yaml.constructor.ConstructorError:
        assert read[0] is own[0]  # type: ignore[index]
        assert settings_told(text, settings._loaded) == settings_told(text, in_python)
    else:
        assert read == own


def settings_told(text: str, load: Any) -> str:
    """Return what is told of values that are none."""
    with pytest.MonkeyPatch.context() as patch, pytest.raises(ProjectError) as told:
        patch.setattr(settings, "_loaded", load)
        settings._load.cache_clear()
        settings.parse_yaml(text, "file.yml")
    return str(told.value)


def test_the_lines_of_a_file_that_was_asked_for_are_known_without_reading_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.yml"
    path.write_text("a: 1\nb:\n  c: 2\n")
    assert settings.line_of(path, "b", "c") == 3
    monkeypatch.setattr(settings, "_loaded", None)
    assert settings.line_of(path, "b") == 2
