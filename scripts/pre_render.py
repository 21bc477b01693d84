"""Run by Quarto before it renders: puts the citation style and Plotly into assets/vendor."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from paper.errors import PaperError
from paper.render.prepare import vendor

try:
    vendor(Path(__file__).parent.parent)
except PaperError as error:
    sys.exit(f"pre_render: {error}")
