"""The author's loop in a real browser: save, and the page shows it; a mistake shows until it is mended."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from tests.render import pdf_parts
from tests.waiting import until, within

from paper import targets
from paper.preview.server import Server
from paper.preview.session import Round, Session

pytestmark = pytest.mark.slow

LONG = "\n\n".join(f"Paragraph {n} of a long page." for n in range(120))
CELL = "\n```{python}\nprint('made', 6 * 7)\n```\n"


class Preview:
    """A running ``paper preview`` and its address."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.process = subprocess.Popen(
            [Path(sys.executable).with_name("paper"), "preview", "--port", "0", "--no-open"],
            cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.url = within(self.process.stdout.readline).strip()
        self.said = [within(self.process.stdout.readline)]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(120)


@pytest.fixture
def preview(book: Callable[..., Path]) -> Iterator[Preview]:
    root = book(one=f"# One\n\nFirst words.\n\n{LONG}\n", two=f"# Two\n\nOther.\n{CELL}")
    running = Preview(root)
    yield running
    if running.process.poll() is None:
        running.stop()


@pytest.fixture
def tab(chrome: Browser) -> Iterator[Page]:
    opened = chrome.new_page()
    yield opened
    opened.close()


@pytest.mark.browser
def test_a_saved_sentence_shows_at_the_same_place(preview: Preview, tab: Page) -> None:
    tab.goto(preview.url + "one.html")
    tab.evaluate("scrollTo(0, 1500)")
    tab.wait_for_timeout(300)
    path = preview.root / "one.qmd"
    path.write_text(path.read_text().replace("Paragraph 60", "Changed 60"))
    expect(tab.get_by_text("Changed 60")).to_be_attached(timeout=5000)
    tab.wait_for_timeout(300)
    assert abs(tab.evaluate("scrollY") - 1500) < 5
    assert preview.stop() == 0


@pytest.mark.browser
def test_a_mistake_shows_until_it_is_mended_and_the_preview_goes_on(preview: Preview, tab: Page) -> None:
    tab.goto(preview.url + "two.html")
    path = preview.root / "two.qmd"
    whole = path.read_text()
    path.write_text(whole.replace("6 * 7", "1 / 0"))
    problems = tab.locator("#preview-problems")
    expect(problems).to_contain_text("two.qmd:5")
    expect(problems).to_contain_text("ZeroDivisionError")
    expect(tab.get_by_text("made 42")).to_be_visible()

    path.write_text(whole.replace("6 * 7", "6 * 8"))
    expect(tab.get_by_text("made 48")).to_be_visible(timeout=8000)
    expect(problems).to_have_count(0)

    settings = preview.root / "_quarto.yml"
    good = settings.read_text()
    settings.write_text(good + "\n bad: [")
    expect(problems).to_contain_text("not valid YAML")
    settings.write_text(good)
    expect(problems).to_have_count(0)

    path.rename(preview.root / "two.away")
    expect(problems).to_contain_text("two.qmd does not exist")
    (preview.root / "two.away").rename(path)
    expect(problems).to_have_count(0)


def test_only_this_machine_is_answered(preview: Preview) -> None:
    def status(host: str, path: str = "") -> int:
        request = urllib.request.Request(preview.url + path, headers={"Host": host})
        try:
            return urllib.request.urlopen(request, timeout=60).status
        except urllib.error.HTTPError as error:
            return error.code

    port = preview.url.rstrip("/").rsplit(":", 1)[1]
    assert status(f"127.0.0.1:{port}") == 200
    assert status("evil.example") == 403
    assert status(f"127.0.0.1:{port}", "%2e%2e/%2e%2e/_quarto.yml") == 404
    addresses = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in addresses - {"127.0.0.1", "127.0.1.1"}:
        with pytest.raises(OSError), socket.create_connection((str(address), int(port)), timeout=2):
            pass


def test_many_saves_at_once_end_in_the_last_state(preview: Preview) -> None:
    path = preview.root / "one.qmd"
    for n in range(40):
        path.write_text(f"# One\n\nSave number {n}.\n")
        time.sleep(0.01)
    until(lambda: b"Save number 39." in fetched(preview, "one.html")[1])


class SavedMeanwhile(Session):
    """A session in which the author saves a chapter when its first round has read all."""

    def rebuild(self, *, complete: bool = True, saved: Collection[Path] = ()) -> Round:
        first = self.folder is None
        came = super().rebuild(complete=complete, saved=saved)
        if first:
            (self.root / "one.qmd").write_text("# One\n\nSaved meanwhile.\n")
        return came


def test_what_is_saved_while_the_first_round_runs_is_heard(book: Callable[..., Path]) -> None:
    session = SavedMeanwhile(book(one="# One\n\nFirst words.\n", two="# Two\n"), None)
    with TestClient(Server(session, print).app(), base_url="http://127.0.0.1:8000") as client:
        until(lambda: "Saved meanwhile." in client.get("/one.html").text)


def test_a_log_in_the_project_does_not_wake_the_preview(book: Callable[..., Path]) -> None:
    """quarto-dev/quarto-cli#2435: each line that it said was a change, and each change a line."""
    root = book(one="# One\n\nFirst words.\n", two="# Two\n")
    log = root / "said.txt"
    with log.open("w") as stream:
        command = [Path(sys.executable).with_name("paper"), "preview", "--port", "0", "--no-open"]
        running = subprocess.Popen(command, cwd=root, stdout=stream, stderr=subprocess.STDOUT)
    try:
        for count in range(2, 5):  # its address and a line for the first round, then a line for each save
            until(lambda count=count: log.read_text().count("\n") == count)  # type: ignore[misc]
            time.sleep(1)  # what it must not do has no sign that could be waited for
            assert log.read_text().count("\n") == count, log.read_text()
            (root / "one.qmd").write_text(f"# One\n\nWords after line {count}.\n")
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(120)


def test_two_previews_do_not_meet_and_dead_ones_leave_nothing(book: Callable[..., Path]) -> None:
    root = book(one="# One\n")
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    alive = root / ".paper/preview" / str(other.pid)
    (alive / "1").mkdir(parents=True)
    dead = root / ".paper/preview/999999999"
    dead.mkdir()
    try:
        session = Session(root, None)
        session.rebuild()
        assert alive.is_dir()
        assert not dead.exists()
        session.close()
        assert alive.is_dir()
        assert not session.work.exists()
    finally:
        other.kill()
        other.wait(60)


def test_a_name_bound_to_this_machine_from_outside_hears_nothing(tmp_path: Path) -> None:
    client = TestClient(Server(Session(tmp_path, None), print).app(), base_url="http://evil.example:8000")
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(
            "/__paper/live", headers={"origin": "http://evil.example:8000", "host": "evil.example:8000"}
        ) as page,
    ):
        within(page.receive_text)
    assert client.get("/index.html").status_code == 403
    local = TestClient(Server(Session(tmp_path, None), print).app(), base_url="http://127.0.0.1:8000")
    assert local.get("/a%00b").status_code in (200, 404)


def test_the_saved_page_is_not_kept_waiting_for_what_reads_it(book: Callable[..., Path]) -> None:
    reads = "print(len(open('one.qmd', encoding='utf8').read().split()), 'words')"
    root = book(
        one="# One\n\nFirst words.\n",
        two=f"# Two\n\n```{{python}}\n{reads}\n```\n\n```{{python}}\nprint(open('data.csv').read())\n```\n",
        files={"data.csv": "old numbers\n"},
    )
    session = Session(root, None)
    try:
        assert not session.rebuild(complete=False).unfinished  # the first round is whole
        assert session.folder is not None

        (root / "one.qmd").write_text("# One\n\nMany more words than before.\n")
        quick = session.rebuild(complete=False)
        assert quick.unfinished and quick.changed == {"one.html"}
        assert "Many more words" in (session.folder / "one.html").read_text("utf8")
        assert "4 words" in (session.folder / "two.html").read_text("utf8")
        assert (session.folder / "state.html").is_file() and (session.folder / "404.html").is_file()

        whole = session.rebuild()
        assert not whole.unfinished and "two.html" in whole.changed
        assert "7 words" in (session.folder / "two.html").read_text("utf8")

        (root / "data.csv").write_text("new numbers\n")
        assert "two.html" in session.rebuild(complete=False).changed  # data are never shown as they were
        assert "new numbers" in (session.folder / "two.html").read_text("utf8")
    finally:
        session.close()


@pytest.mark.browser
def test_what_reads_a_saved_chapter_follows_by_itself(book: Callable[..., Path], tab: Page) -> None:
    reads = "print(len(open('one.qmd', encoding='utf8').read().split()), 'words')"
    running = Preview(book(one="# One\n\nFirst words.\n", two=f"# Two\n\n```{{python}}\n{reads}\n```\n"))
    tab.goto(running.url + "two.html")
    expect(tab.get_by_text("4 words")).to_be_visible(timeout=8000)
    (running.root / "one.qmd").write_text("# One\n\nMany more words than before.\n")
    expect(tab.get_by_text("7 words")).to_be_visible(timeout=8000)
    assert running.stop() == 0


def fetched(preview: Preview, path: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(preview.url + path, timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_the_pdf_is_made_when_it_is_asked_for_and_is_of_the_last_state(preview: Preview) -> None:
    status, pdf = fetched(preview, "A-small-book.pdf")
    assert (status, pdf[:5]) == (200, b"%PDF-")
    path = preview.root / "one.qmd"
    path.write_text("# One\n\nOnly this.\n")
    until(lambda: b"Only this." in fetched(preview, "one.html")[1])
    _, later = fetched(preview, "A-small-book.pdf")
    assert b"%PDF-" in later and len(later) < len(pdf)
    assert fetched(preview, "nothing.pdf")[0] == 404


def test_a_round_that_comes_while_the_pdf_is_made_has_it_made_anew(
    book: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(book(one="# One\n\nFirst words.\n", two="# Two\n"), None)
    session.rebuild()
    make, made = targets.make, []

    def interrupted(*given: Any) -> targets.Product:
        product = make(*given)
        made.append(given)
        if len(made) == 1:
            (session.root / "one.qmd").write_text("# One\n\nSaved meanwhile.\n")
            session.rebuild()
        return product

    monkeypatch.setattr(targets, "make", interrupted)
    try:
        pdf = session.make("A-small-book.pdf")
        assert pdf is not None and pdf.parent == session.folder
        assert "Saved meanwhile." in pdf_parts.words(pdf)
        assert len(made) == 2
    finally:
        session.close()


def test_two_previews_at_once_serve_each_their_own(preview: Preview) -> None:
    assert fetched(preview, "one.html")[0] == 200
    other = Preview(preview.root)
    assert fetched(other, "one.html")[0] == 200
    assert fetched(preview, "one.html")[0] == 200
    assert other.stop() == 0
    assert fetched(preview, "one.html")[0] == 200
    assert preview.stop() == 0
    assert not list((preview.root / ".paper/preview").glob("*"))


def test_a_port_that_is_taken_is_told_with_what_to_do(preview: Preview) -> None:
    port = preview.url.rstrip("/").rsplit(":", 1)[1]
    done = subprocess.run(
        [Path(sys.executable).with_name("paper"), "preview", "--port", port, "--no-open"],
        cwd=preview.root, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 3
    assert f"port {port} can't be used" in done.stderr and "--port 0" in done.stderr
    assert fetched(preview, "one.html")[0] == 200


def test_nothing_is_left_when_it_ends(preview: Preview) -> None:
    fetched(preview, "two.html")
    family = psutil.Process(preview.process.pid).children(recursive=True)
    assert family, "a kernel runs"
    assert preview.stop() == 0
    _, alive = psutil.wait_procs(family, timeout=60)
    assert not alive
    with pytest.raises(OSError), urllib.request.urlopen(preview.url, timeout=2):
        pass


def asleep(tab: Page) -> None:
    """The page loses its connection, and finds none."""
    tab.evaluate(
        "() => { window.real = WebSocket; window.WebSocket = function () { const none = new EventTarget();"
        "setTimeout(() => none.dispatchEvent(new Event('close')), 10); return none; };"
        "window.paperPreview.close(); }"
    )


def awake(tab: Page) -> None:
    tab.evaluate("() => { window.WebSocket = window.real; }")


@pytest.mark.browser
def test_after_a_sleep_the_page_catches_up(preview: Preview, tab: Page) -> None:
    tab.goto(preview.url + "one.html")
    expect(tab.get_by_text("First words.")).to_be_visible()
    asleep(tab)
    path = preview.root / "one.qmd"
    path.write_text(path.read_text().replace("First words.", "Words of the night."))
    until(lambda: b"Words of the night." in fetched(preview, "one.html")[1])
    tab.wait_for_timeout(500)
    expect(tab.get_by_text("First words.")).to_be_visible()
    awake(tab)
    expect(tab.get_by_text("Words of the night.")).to_be_visible(timeout=15000)


@pytest.mark.browser
def test_a_mistake_that_was_mended_meanwhile_does_not_stay(preview: Preview, tab: Page) -> None:
    tab.goto(preview.url + "two.html")
    path = preview.root / "one.qmd"
    whole = path.read_text()
    path.write_text(whole + "\n{{< include _gone.qmd >}}\n")
    problems = tab.locator("#preview-problems")
    expect(problems).to_contain_text("one.qmd")
    asleep(tab)
    path.write_text(whole.replace("First words.", "Mended words."))
    until(lambda: b"Mended words." in fetched(preview, "one.html")[1])
    expect(problems).to_have_count(1)
    awake(tab)
    expect(problems).to_have_count(0)


@pytest.mark.browser
def test_a_chapter_can_be_added_and_taken_out(preview: Preview, tab: Page) -> None:
    tab.goto(preview.url + "one.html")
    (preview.root / "three.qmd").write_text("# Three\n\nBrand new.\n")
    settings = preview.root / "_quarto.yml"
    before = settings.read_text()
    settings.write_text(before.replace("    - two.qmd\n", "    - two.qmd\n    - three.qmd\n"))
    expect(tab.get_by_role("link", name="Three").first).to_be_attached(timeout=8000)
    settings.write_text(before)
    expect(tab.get_by_role("link", name="Three")).to_have_count(0)
    until(lambda: fetched(preview, "three.html")[0] == 404)


@pytest.mark.parametrize("save", ["aside", "backup"])
def test_editors_that_put_a_new_file_in_place_are_heard(preview: Preview, save: str) -> None:
    """As JetBrains and vim do it: by renaming a file that was written aside, or after moving the old one away."""
    path = preview.root / "one.qmd"
    fetched(preview, "one.html")
    if save == "aside":
        part = path.with_name("one.qmd___jb_tmp___")
        part.write_text("# One\n\nPut in place.\n")
        part.replace(path)
    else:
        path.rename(path.with_name("one.qmd~"))
        path.write_text("# One\n\nPut in place.\n")
    until(lambda: b"Put in place." in fetched(preview, "one.html")[1])


def test_a_fault_of_the_program_itself_does_not_end_the_loop(
    book: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(book(one="# One\n\nHello.\n", two="# Two\n"), None)
    assert not session.rebuild().problems
    monkeypatch.setattr("paper.preview.session.read_book", lambda *_: 1 / 0)
    [problem] = session.rebuild().problems
    assert "ZeroDivisionError" in problem.message
    monkeypatch.undo()
    assert not session.rebuild().problems
    session.close()
