"""A function is put into a package with the imports that it needs, in their order."""

from __future__ import annotations

import pytest

from paper.errors import SourceError
from paper.new.wiring import wired

FUNCTION = '@_public\ndef visits() -> Figure:\n    return visits_figure.figure(coded.table("visits"))\n'


def put_in(text: str) -> str:
    return wired(text, "figures/__init__.py", "figures", "visits_figure", FUNCTION)


def test_the_module_joins_the_others_in_order() -> None:
    new = put_in(
        "from paper.coding import load as coded\nfrom paper.figures import timeline, works\n\nX = 1\n"
    )
    assert new.startswith(
        "from paper.coding import load as coded\nfrom paper.figures import timeline, visits_figure, works\n"
    )
    assert new.endswith(f"X = 1\n\n\n{FUNCTION}")


def test_a_long_list_is_broken_into_lines() -> None:
    modules = [f"a_module_with_a_long_name_{number}" for number in (2, 10, 3)]
    new = put_in(f"from paper.coding import load as coded\nfrom paper.figures import {', '.join(modules)}\n")
    order = [2, 3, 10]
    listed = "".join(f"    a_module_with_a_long_name_{number},\n" for number in order)
    assert f"from paper.figures import (\n{listed}    visits_figure,\n)\n" in new


def test_the_loader_is_called_as_the_package_calls_it() -> None:
    assert 'load.table("visits")' in put_in("from paper.coding import load\nfrom paper.figures import a\n")


def test_imports_that_are_missing_come_to_their_place() -> None:
    new = put_in("import re\n\nfrom paper import project\nfrom paper.figures.figure import Figure\n")
    assert new.startswith(
        "import re\n\nfrom paper import project\nfrom paper.coding import load as coded\n"
        "from paper.figures import visits_figure\nfrom paper.figures.figure import Figure\n"
    )


@pytest.mark.parametrize(
    ("text", "said"), [("def (:\n", "invalid syntax"), ("import re\n", "imports nothing")]
)
def test_a_source_that_is_not_as_expected_is_left_alone(text: str, said: str) -> None:
    with pytest.raises(SourceError, match=rf"figures/__init__\.py:.*{said}"):
        put_in(text)
