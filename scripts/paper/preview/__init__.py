"""The author's loop: rebuild what was saved, and show it at the same place of the page."""
