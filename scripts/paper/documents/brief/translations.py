"""The brief in other languages: ``brief/brief.kk.qmd`` and the like, bound sentence by sentence to the English.

A sentence of a translation names the key of the English one, which changes with its words::

    [Сөйлем.]{of="3f2a9c1b"}

so that a translation can be told to be behind. A slot, a file without a sentence, makes nothing: people write it, no
machine does. A translation becomes a PDF once none of its sentences is left empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

from paper.errors import Place, ProjectError
from paper.project import Project
from paper.report import Fault
from paper.text.briefs import SOURCE, Span, Translation, english, translations

STALE: Final = "†"
_FROM: Final = re.compile(r"""\s*(?:from|says)=(?:"[^"]*"|'[^']*')""")


def notes(project: Project) -> Iterator[Fault]:
    """Sentences that are not translated yet, and those whose English has changed since."""
    wanted = english(project)
    for one in translations(project):
        if not one.is_begun:
            message = f"not translated yet: {len(wanted)} sentences"
            remedy = f"a person who knows the language begins with `paper brief translate {one.lang}`"
            yield Fault(str(one.path), None, "untranslated", message, remedy, "note")
            continue
        for old, new in _compared(one, wanted):
            if old is None and new is not None:
                message, remedy = f"not translated: “{new.words}”", f'write it as [words]{{of="{new.key}"}}'
                yield Fault(str(one.path), None, "untranslated", message, remedy, "note")
            elif old is not None and not old.words.strip():
                message = f"not translated: “{new.words if new else ''}”"
                yield Fault(str(one.path), old.line, "untranslated", message, "fill the brackets", "note")
            elif old is not None:
                message = f"the English has changed since “{old.words}” was written"
                remedy = "the English brief has it no more: take it out"
                if new:
                    remedy = f'it now says “{new.words}”: renew the translation and name of="{new.key}"'
                yield Fault(str(one.path), old.line, "translation-stale", message, remedy, "note")


def _compared(one: Translation, wanted: list[Span]) -> Iterator[tuple[Span | None, Span | None]]:
    """Yield pairs that differ: a sentence of the translation and the English in its place; either may be missing.

    Empty sentences are among them. A sentence that has moved is no difference.
    """
    known, named = {span.key: span for span in wanted}, {span.of for span in one.spans}
    for span in one.spans:
        if span.of in known and not span.words.strip():
            yield span, known[span.of]
    keys, ofs = [span.key for span in wanted], [span.of for span in one.spans]
    for _, a, b, c, d in SequenceMatcher(None, ofs, keys, autojunk=False).get_opcodes():
        behind = [span for span in one.spans[a:b] if span.of not in known]
        lacking = [span for span in wanted[c:d] if span.key not in named]
        for place in range(max(len(behind), len(lacking))):
            yield (
                behind[place] if place < len(behind) else None,
                lacking[place] if place < len(lacking) else None,
            )


def begin(project: Project, lang: str) -> Path:
    """Write the frame of a translation: the English brief with empty brackets, its words as comments beside them.

    Raises ProjectError where the language is no language, there is no brief, or the translation is begun.
    """
    path = project.root / SOURCE.parent / f"{SOURCE.stem}.{lang}.qmd"
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z]+)?", lang):
        remedy = "name it by its code, such as kk or ru"
        raise ProjectError(f"“{lang}” is no code of a language", remedy=remedy)
    if not (project.root / SOURCE).is_file():
        raise ProjectError(
            "there is no brief to translate", place=Place(str(SOURCE)), remedy="write it first"
        )
    if any(one.lang == lang and one.is_begun for one in translations(project)):
        raise ProjectError(
            "this translation is begun, and nothing is written over it",
            place=Place(str(SOURCE.parent / path.name)),
            remedy="`paper brief check` lists the sentences that it lacks",
        )
    text = (project.root / SOURCE).read_text("utf-8-sig")
    result, at = [], 0
    for span in english(project):
        attributes = _FROM.sub("", span.attributes)[1:-1].strip()
        in_cell = text.rfind("\n", 0, span.start) < text.rfind("#|", 0, span.start)
        quote = "'" if in_cell else '"'
        bound = " ".join(filter(None, (attributes, f"of={quote}{span.key}{quote}")))
        message = "" if in_cell else f"<!-- {span.words} -->"
        result += [text[at : span.start], f"[]{{{bound}}}", message]
        at = span.end
    front = re.sub(r"^---\n", f"---\nlang: {lang}\n", "".join([*result, text[at:]]), count=1)
    path.write_text(front, "utf8", newline="\n")
    return path
