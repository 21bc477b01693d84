"""What cells print stands as a terminal showed it, and is the same in every build."""

from __future__ import annotations

import io
import time

import numpy as np
import pytest

from paper.cells.portable import untimed
from paper.text import terminal
from paper.text.outputs import printed


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("half\rdone", "done"),
        ("early\rfull\n", "fully\n"),
        ("100%   \r5%     \n", "5%\n"),
        ("hard break  \nnext", "hard break  \nnext"),
        ("one\r\ntwo\n", "one\ntwo\n"),
        ("ab\b\bX", "Xb"),
        ("first\nsecond\x1b[A\rFIRST\n", "FIRST\nsecond"),
        ("long line\r\x1b[Kshort\n", "short\n"),
        ("\x1b[31mred\x1b[0m \x1b]8;;https://example.org\x07link\x1b]8;;\x07 \x1b[2J\x00", "red link \ufffd"),
    ],
)
def test_printed_text_is_what_stands_on_the_screen_at_last(text: str, shown: str) -> None:
    assert terminal.plain(printed(text)) == shown


def test_colours_are_on_the_page_in_the_readers_theme() -> None:
    page = terminal.coloured(
        "\x1b[1;31mred & <b>\x1b[0m plain \x1b[38;5;208morange\nstill\x1b[0m \x1b[42mon\x1b[0m\n"
    )
    assert page == (
        '<pre class="ansi"><code><span class="ansi-bold ansi-red">red &amp; &lt;b&gt;</span> plain '
        '<span style="color: #ff8700">orange</span>\n<span style="color: #ff8700">still</span> '
        '<span class="ansi-on-green">on</span></code></pre>'
    )
    assert terminal.coloured("no colours") is None
    assert terminal.coloured("\x1b[0m\x1b[39mnone either\n") is None


def bars(pause: float) -> str:
    tqdm = pytest.importorskip("tqdm").tqdm
    stream = io.StringIO()
    for _ in tqdm(range(2), file=stream, desc="outer"):
        for _ in tqdm(range(2), file=stream, desc="inner", position=1, leave=False, mininterval=0):
            time.sleep(pause)
    bar = tqdm(range(2), file=stream, colour="green", mininterval=0)
    for step in bar:
        bar.set_postfix(loss=step)
        time.sleep(pause)
    for _ in tqdm(iter("ab"), file=stream, unit="MB", mininterval=0):
        time.sleep(pause)
    return terminal.plain(untimed(printed(stream.getvalue())))


def test_bars_of_progress_are_the_same_however_long_they_took() -> None:
    quick, slow = bars(0), bars(0.06)
    assert quick == slow
    assert "outer: 100%" in quick and "inner" not in quick
    assert "2/2 [loss=1]" in quick and "2MB" in quick


def test_a_models_summary_does_not_tell_when_it_was_made() -> None:
    api = pytest.importorskip("statsmodels.api")
    x = np.arange(20.0)
    model = api.OLS(3 * x + np.sin(x), api.add_constant(x)).fit()
    for summary in (model.summary(), model.summary2()):
        for text in (summary.as_text(), summary.as_html(), summary.as_latex()):
            kept = untimed(text)
            assert len(kept) == len(text) and kept != text
            assert "Date:" not in kept and "Time:" not in kept and time.strftime("%Y") not in kept
            assert "BIC:" in kept and "R-squared" in kept


def test_a_time_that_an_author_prints_stays() -> None:
    text = "Date: Sat, 28 Nov 2026 Time: 10:20:30 [see 3:04, 5]\n"
    assert untimed(text) == text
