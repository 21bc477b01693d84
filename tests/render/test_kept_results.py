"""What a cell gave is kept while all that it looked at is unchanged, and no longer.

One book holds a chapter for each way to look at something; between two builds all of it changes.
Reports of other tools: showyourwork/showyourwork#622, #729; snakemake/snakemake#1493.
"""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from paper import build

# As the engine reads what several figures of a chapter show.
ONCE = (
    "from pathlib import Path\nfrom paper.tools import watched\n"
    "def read(name):\n    return watched.once(name, Path(name).read_text)"
)
# chapter → a cell that prints "now" and what it saw. Before: 1 of everything; after: 2.
SEEN = {
    "glob": "from pathlib import Path\nprint('now', len(list(Path('folder').glob('*.csv'))))",
    "iterdir": "from pathlib import Path\nprint('now', sum(1 for p in Path('folder').iterdir()))",
    "walk": "import os\nprint('now', sum(len(files) for _, _, files in os.walk('deep')))",
    "listdir": "import os\nprint('now', len(os.listdir('folder')))",
    "scandir": "import os\nprint('now', max(int(e.stat().st_size) for e in os.scandir('sizes')))",
    "missing": "from pathlib import Path\nprint('now', 2 if Path('later.csv').exists() else 1)",
    "isfile": "import os.path\nprint('now', 2 if os.path.isfile('later.csv') else 1)",
    "caught": (
        "try:\n    open('later.csv').close()\n    print('now', 2)\nexcept FileNotFoundError:\n    print('now', 1)"
    ),
    "dates": "import os\nprint('now', int(os.path.getmtime('dated.txt')))",
    "sqlite": (
        "import sqlite3\nc = sqlite3.connect('d.db')\nprint('now', *c.execute('select v from t').fetchone())\nc.close()"
    ),
    "link": "print('now', open('link.txt').read())",
    "outside": "print('now', open('../outside.txt').read())",
    "thread": (
        "from concurrent.futures import ThreadPoolExecutor\nfrom pathlib import Path\n"
        "with ThreadPoolExecutor() as pool:\n    print('now', *pool.map(Path.read_text, [Path('n.txt')]))"
    ),
    "variable": "import os\nprint('now', os.environ['PAPER_TEST_SEEN'])",
    "getenv": "from os import getenv\nprint('now', getenv('PAPER_TEST_SEEN', '0'))",
    "magic": "%run own.py",
    "executed": "exec(open('own.py').read())",
    "module": "import helper\nprint('now', helper.value())",
    "optional": "try:\n    import extra\n    print('now', 2)\nexcept ImportError:\n    print('now', 1)",
    "pandas": "import pandas as pd\nprint('now', pd.read_csv('t.csv')['a'].iloc[0])",
    "twice": (
        "from pathlib import Path\nPath('copy.txt').write_text(Path('n.txt').read_text())\n"
        "print('now', Path('copy.txt').read_text())"
    ),
    "once": f"{ONCE}\nprint('now', read('n.txt'))",
    "once_again": f"{ONCE}\nprint('now', read('n.txt'))",
    "once_rewritten": (
        f"{ONCE}\nfor text in ('0', Path('n.txt').read_text()):\n"
        "    Path('own.txt').write_text(text)\n    last = read('own.txt')\nprint('now', last)"
    ),
    "hidden": "print('now', open('.hidden').read())",
}
# chapter → a cell that looks where nobody sees it, and the words that say so.
UNSEEN = {
    "shell": ("!echo now `cat n.txt`", "runs a program"),
    "bash": ("%%bash\necho now `cat n.txt`", "runs a program (bash)"),
    "process": (
        "import subprocess, sys\n"
        "print('now', subprocess.run([sys.executable, '-c', 'print(open(\"n.txt\").read())'],"
        " capture_output=True, text=True).stdout)",
        "runs a program",
    ),
    "system": ("import os\nprint('now', os.popen('cat n.txt').read())", "runs a program"),
    "fork": (
        "import multiprocessing as mp\nfrom pathlib import Path\n"
        "with mp.get_context('fork').Pool(1) as pool:\n    print('now', *pool.map(Path.read_text, [Path('n.txt')]))",
        "runs a program",
    ),
    "clock": (
        "import datetime\nprint('now', open('n.txt').read(), datetime.date.today().year)",
        "reads the clock",
    ),
    "socket": (
        "import socket\ntry:\n    socket.create_connection(('127.0.0.1', 9), timeout=1)\n"
        "except OSError:\n    print('now', open('n.txt').read())",
        "asks the network",
    ),
    "all": (
        "import os\nprint('now', [v for k, v in os.environ.items() if k == 'PAPER_TEST_SEEN'][0])",
        "reads the whole environment",
    ),
}
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="a shell, links and fork")


def chapter(name: str, cell: str) -> str:
    return f"# {name.title()}\n\n```{{python}}\n{cell}\n```\n"


def values(root: Path) -> dict[str, str]:
    """Chapter → the number that its page prints after "now"."""
    found = {}
    for name in (*SEEN, *UNSEEN):
        text = (
            BeautifulSoup((root / f"_site/{name}.html").read_text("utf8"), "lxml")
            .select_one("main")
            .get_text()
        )  # type: ignore[union-attr]
        match = re.search(r"now (\d+)", text)
        found[name] = match[1] if match else text
    return found


def arrange(root: Path, number: int) -> None:
    """Put everything that the cells look at into its first or its second state."""
    for part in ("folder", "deep/er"):
        (root / part).mkdir(parents=True, exist_ok=True)
        (root / part / f"{number}.csv").write_text("x")
    (root / "sizes").mkdir(exist_ok=True)
    (root / "sizes/a").write_text("x" * number)
    if number == 2:
        (root / "later.csv").write_text("")
        (root / "extra.py").write_text("")
    (root / "dated.txt").write_text("same")
    os.utime(root / "dated.txt", (number, number))
    with sqlite3.connect(root / "d.db") as base:
        base.execute("create table if not exists t(v)")
        base.execute("delete from t")
        base.execute("insert into t values (?)", (number,))
    base.close()
    (root / f"target{number}.txt").write_text(str(number))
    (root / "link.txt").unlink(missing_ok=True)
    (root / "link.txt").symlink_to(f"target{number}.txt")
    (root.parent / "outside.txt").write_text(str(number))
    (root / "n.txt").write_text(str(number))
    (root / ".hidden").write_text(str(number))
    (root / "own.py").write_text(f"print('now', {number})")
    (root / "helper.py").write_text("def value():\n    return open('n.txt').read()\n")
    (root / "t.csv").write_text(f"a\n{number}\n")


@POSIX
def test_no_build_answers_from_what_a_cell_saw_before(
    book: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = {**SEEN, **{name: cell for name, (cell, _) in UNSEEN.items()}}
    root = book(**{name: chapter(name, cell) for name, cell in cells.items()})
    arrange(root, 1)
    monkeypatch.setenv("PAPER_TEST_SEEN", "1")
    report = build.build(root, targets={"html"})
    assert values(root) == dict.fromkeys(cells, "1")

    told = {Path(notice.file).stem: notice for notice in report.notices}
    assert set(told) == set(UNSEEN), "what can't be watched is said, and nothing else"
    for name, (_, said) in UNSEEN.items():
        assert said in told[name].message and told[name].line == 3
        assert told[name].severity == "note"

    again = build.build(root, targets={"html"})
    assert not again.unchanged
    assert set(again.ran) == {f"{name}.qmd" for name in UNSEEN}, again.ran

    arrange(root, 2)
    monkeypatch.setenv("PAPER_TEST_SEEN", "2")
    build.build(root, targets={"html"})
    assert values(root) == dict.fromkeys(cells, "2")


def test_a_list_of_works_is_made_anew_where_other_works_are_cited(book: Callable[..., Path]) -> None:
    def work(key: str) -> str:
        return (
            f"@book{{{key}, author = {{A, B}}, title = {{The {key}}}, year = {{2001}}, publisher = {{P}}}}\n"
        )

    listing = "#| output: asis\nfrom paper import bibliography\nbibliography.further_reading();"
    root = book(one="# One\n\nWords [@first2001].\n", list=chapter("list", listing))
    (root / "references.bib").write_text(work("first2001") + work("second2001"))
    build.build(root, targets={"html"})
    page = root / "_site/list.html"
    assert "The second2001" in page.read_text() and "The first2001" not in page.read_text()

    (root / "one.qmd").write_text("# One\n\nOther words [@first2001].\n")
    assert build.build(root, targets={"html"}).ran == {}

    (root / "one.qmd").write_text("# One\n\nOther words [@second2001].\n")
    assert build.build(root, targets={"html"}).ran == {"list.qmd": "changed: one.qmd"}
    assert "The first2001" in page.read_text() and "The second2001" not in page.read_text()

    (root / "one.qmd").write_text("# One\n\nOther words.\n\n{{< include _part.md >}}\n")
    (root / "_part.md").write_text("Included [@second2001].\n")
    assert build.build(root, targets={"html"}).ran == {"list.qmd": "changed: one.qmd"}
    (root / "_part.md").write_text("Included [@first2001].\n")
    assert build.build(root, targets={"html"}).ran == {"list.qmd": "changed: _part.md"}
    assert "The second2001" in page.read_text() and "The first2001" not in page.read_text()


@POSIX
def test_nothing_to_do_knows_of_what_no_manifest_lists(
    book: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = "import os\nprint(os.environ.get('PAPER_TEST_SEEN'), open('../outside.txt').read(), os.listdir('folder'))"
    root = book(one=chapter("one", looks))
    (root / "folder").mkdir()
    outside = root.parent / "outside.txt"
    outside.write_text("first")

    def done_again() -> bool:
        assert build.build(root, targets={"html"}).unchanged is False
        return build.build(root, targets={"html"}).unchanged

    assert done_again()
    monkeypatch.setenv("PAPER_TEST_SEEN", "set")
    assert done_again()
    outside.write_text("second")
    assert done_again()
    (root / "folder/.swap").write_text("what an editor leaves is no change")
    assert build.build(root, targets={"html"}).unchanged
    (root / "folder/new").write_text("")
    assert done_again()
    assert "second" in (root / "_site/one.html").read_text("utf8")
    assert "outside" not in (root / "_site/manifest.json").read_text("utf8")


def test_what_a_cell_wrote_is_written_again_when_it_is_gone(book: Callable[..., Path]) -> None:
    writes = chapter("one", "from pathlib import Path\nPath('made.txt').write_text('made')\nprint('done')")
    reads = chapter("two", "print('read', open('made.txt').read())")
    root = book(one=writes, two=reads)
    build.build(root, targets={"html"})
    (root / "made.txt").unlink()
    build.build(root, targets={"html"})
    assert "read made" in (root / "_site/two.html").read_text("utf8")


def test_temporary_files_that_come_and_go_bring_no_new_run(book: Callable[..., Path]) -> None:
    code = """import os, tempfile
with tempfile.TemporaryDirectory() as folder:
    open(folder + "/x", "w").write("drawn")
    print(os.path.isdir(folder), os.listdir(folder), open(folder + "/x").read())"""
    root = book(one=chapter("one", code))
    build.build(root, targets={"html"})
    assert build.build(root, targets={"html"}).unchanged


def test_a_cell_that_counts_its_runs_is_run_each_time(book: Callable[..., Path]) -> None:
    counts = "n = int(open('n').read()) + 1\nprint(n, file=open('n', 'w'))\nprint('run', n)"
    root = book({"n": "0"}, one=chapter("one", counts))
    for number in (1, 2, 3):
        build.build(root, targets={"html"})
        assert f"run {number}" in (root / "_site/one.html").read_text("utf8")


def test_settings_say_how_long_results_are_kept(book: Callable[..., Path]) -> None:
    """As Quarto has them, but that ``auto`` and ``cache: true`` look at data too, which Quarto doesn't.

    https://quarto.org/docs/projects/code-execution.html
    """
    cell = (
        "import subprocess, sys\nprint('saw', open('n.txt').read(), subprocess.call([sys.executable, '-V']))"
    )
    plain = "```{python}\nprint('saw', open('n.txt').read())\n```\n"
    root = book(
        {"n.txt": "1"},
        never=f"---\nexecute:\n  cache: false\n---\n\n# Never\n\n{plain}",
        cellnever="# Cell\n\n" + plain.replace("}", "}\n#| cache: false", 1),
        unfrozen=f"---\nexecute:\n  freeze: false\n---\n\n# Unfrozen\n\n{plain}",
        frozen=f"---\nexecute:\n  freeze: true\n---\n\n# Frozen\n\n{plain}",
        automatic=f"---\nexecute:\n  freeze: auto\n---\n\n# Automatic\n\n{plain}",
        declared=f"# Declared\n\n```{{python}}\n#| cache: true\n{cell}\n```\n",
        off=f"---\nexecute:\n  enabled: false\n---\n\n# Off\n\nValue `{{python}} 1 + 1`.\n\n{plain}",
    )
    report = build.build(root, targets={"html"})
    assert report.notices == [], "who decided knows it"
    assert "saw" not in (root / "_site/off.html").read_text("utf8").replace("'saw'", "")
    assert "<code>{python} 1 + 1</code>" in (root / "_site/off.html").read_text("utf8")

    always = {"never.qmd", "cellnever.qmd", "unfrozen.qmd"}
    assert set(build.build(root, targets={"html"}).ran) == always
    (root / "n.txt").write_text("2")
    assert set(build.build(root, targets={"html"}).ran) == always | {"declared.qmd", "automatic.qmd"}
    for name, number in {"never": 2, "declared": 2, "automatic": 2, "frozen": 1}.items():
        assert f"saw {number}" in (root / f"_site/{name}.html").read_text("utf8")


def test_chapters_begin_as_in_a_kernel_of_their_own(book: Callable[..., Path]) -> None:
    first = (
        "import os, sys, logging, warnings\nos.environ['LEFT'] = '1'\nsys.path.insert(0, '/left')\n"
        "logging.getLogger().setLevel(10)\nwarnings.simplefilter('ignore')\nprint('done')"
    )
    second = (
        "import os, sys, logging, warnings\nwarnings.warn('heard')\n"
        "print(os.environ.get('LEFT'), '/left' in sys.path, logging.getLogger().level)"
    )
    root = book(one=chapter("one", first), two=chapter("two", second))
    build.build(root, targets={"html"})
    page = (root / "_site/two.html").read_text("utf8")
    assert "UserWarning: heard" in page and "None False 30" in page


def test_cells_run_in_the_projects_folder_where_the_project_says_so(book: Callable[..., Path]) -> None:
    root = book({"data.txt": "42", "sub/one.qmd": chapter("one", "print('saw', open('data.txt').read())")})
    settings = (root / "_quarto.yml").read_text("utf8")
    settings = settings.replace("- index.qmd", "- index.qmd\n    - sub/one.qmd")
    (root / "_quarto.yml").write_text(
        settings.replace("type: book", "type: book\n  execute-dir: project"), "utf8"
    )
    build.build(root, targets={"html"})
    assert "saw 42" in (root / "_site/sub/one.html").read_text("utf8")


def test_outputs_tell_nothing_of_the_machine_or_the_process(book: Callable[..., Path]) -> None:
    cells = """
    # One

    ```{python}
    import warnings, logging, os, sys
    from pathlib import Path
    open("x.csv").read()
    warnings.warn("mind this")
    warnings.warn("old way", DeprecationWarning)
    logging.warning("logged words")
    print(Path.cwd(), Path("x.csv").resolve(), Path.home(), os.__file__, sys._getframe().f_code.co_filename)
    print(object())
    ```

    ```{python}
    #| error: true
    open(Path.cwd() / "nowhere.csv")
    ```

    ```{python}
    #| error: true
    1 +
    ```

    ```{python}
    #| warning: false
    warnings.warn("hushed")
    logging.warning("hushed")
    print("hushed", file=sys.stderr)
    ```
    """
    root = book({"x.csv": "a"}, one=cells)
    build.build(root, targets={"html"})
    page = (root / "_site/one.html").read_text("utf8")
    text = BeautifulSoup(page, "lxml").select_one("main").get_text()  # type: ignore[union-attr]
    assert (
        "UserWarning: mind this" in text and "DeprecationWarning: old way" in text and "logged words" in text
    )
    assert "ResourceWarning" not in text and "hushed" not in text
    assert re.search(r"^\. x\.csv ~ ", text, re.M), text
    assert "<object object at 0x…>" in text
    assert "No such file or directory: 'nowhere.csv'" in text
    assert not re.search(r"/tmp|ipykernel|0x[0-9a-f]{6}|\d{5,}\.py", text), text
    first = {p: p.read_bytes() for p in (root / "_site").rglob("*.html")}
    subprocess.run(["rm", "-rf", str(root / ".paper"), str(root / "_site")], check=True)
    build.build(root, targets={"html"})
    assert {p: p.read_bytes() for p in (root / "_site").rglob("*.html")} == first
