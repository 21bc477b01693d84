"""Which page of a cited work bears the sentence that cites it.

The author keeps page, words and reason in ``data/private/support.csv``; ``paper refs support`` holds them against the
text and writes ``data/support.csv``, which has page, reason and seals, and never the words. Builds read that alone.
"""
