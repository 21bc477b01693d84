"""Sources as text: decoded, put together, with the place of each line; its cells, notes, citations, shortcodes."""
