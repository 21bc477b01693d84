"""What Quarto runs before and after a render of the book: `project: pre-render` and `post-render` of `_quarto.yml`.

A paper's own scripts call these two functions and nothing else of the package, so that they outlive its versions.
https://quarto.org/docs/projects/scripts.html
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def before_render(root: Path) -> None:
    """Put into `assets/vendor` what Quarto takes from installed packages. root: the project's folder.

    Exits with a sentence of what is wrong, which ends Quarto's render.
    """
    from paper.errors import PaperError
    from paper.prepare import vendor

    try:
        vendor(root)
    except PaperError as error:
        sys.exit(f"pre_render: {error}")


def after_render(root: Path) -> None:
    """Give Quarto's pages the site's frame, render the brief and index the site. root: the project's folder.

    A preview renders single pages: they keep Quarto's look, and its own reloading.
    Exits with a sentence of what is wrong, which ends Quarto's render; the pages stay.
    """
    from paper import project
    from paper.errors import PaperError
    from paper.quarto import site
    from paper.tools import quarto

    if os.environ.get("QUARTO_PROJECT_RENDER_ALL") != "1":
        return
    try:
        book = project.load(root)
        out = Path(root, os.environ.get("QUARTO_PROJECT_OUTPUT_DIR") or book.output_dir)
        for line in site.finish(
            book, out, quarto.of_environment(os.environ), quarto.rendered_files(os.environ)
        ):
            print(f"post_render: {line}", file=sys.stderr)
    except PaperError as error:
        sys.exit(f"post_render: {error}")
    except OSError as error:
        name = error.filename or "a file"
        sys.exit(f"post_render: {name} could not be read or written: {error.strerror or error}")
