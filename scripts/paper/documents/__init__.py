"""Documents beside the book: the brief for practitioners, the manuscript for a journal."""
