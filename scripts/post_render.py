"""Run by Quarto after a whole render: gives its pages the site's frame, renders the brief, indexes for search."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

try:
    from paper import project
    from paper.errors import PaperError
    from paper.render import quarto, quarto_site
except ImportError as error:
    sys.exit(
        f"post_render: {error.name} is not installed for {sys.executable}, so that the pages keep Quarto's look. "
        "Run `make`, then render with QUARTO_PYTHON=.venv/bin/python."
    )

root = Path(__file__).parent.parent


def main() -> None:
    # A preview renders single pages: they keep Quarto's look, and its own reloading.
    if os.environ.get("QUARTO_PROJECT_RENDER_ALL") != "1":
        return
    book = project.load(root)
    out = Path(root, os.environ.get("QUARTO_PROJECT_OUTPUT_DIR") or book.output_dir)
    for line in quarto_site.finish(book, out, quarto.beside(os.environ), quarto.rendered(os.environ)):
        print(f"post_render: {line}", file=sys.stderr)


try:
    main()
except PaperError as error:
    sys.exit(f"post_render: {error}")
except OSError as error:
    sys.exit(
        f"post_render: {error.filename or 'a file'} could not be read or written: {error.strerror or error}"
    )
