"""Run by Quarto before it renders: puts the citation style and Plotly into assets/vendor."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from paper.quarto import before_render

before_render(Path(__file__).parent.parent)
