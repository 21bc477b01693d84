"""Run by Quarto after a whole render: gives its pages the site's frame, renders the brief, indexes for search."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

try:
    from paper.quarto import after_render

    after_render(Path(__file__).parent.parent)
except ImportError as error:
    sys.exit(
        f"post_render: {error.name} is not installed for {sys.executable}, so that the pages keep Quarto's look. "
        "Run `make`, then render with QUARTO_PYTHON=.venv/bin/python."
    )
