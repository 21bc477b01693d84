"""What is known of a book without running it, for `paper check` and for a build alike.

What Quarto warns of is a `Fault` of severity `warning`, in Quarto's or pandoc's words, with place and remedy: of
reading among a chapter's notices, of numbering and writing in `Book.notices`. A build prints and counts them, keeps
them with its record for builds with nothing to do, and with `--strict` (this paper's `make`) stops before the output
changes. What is open and takes the rest of a chapter in (a block `:::`, a cell or fence with a language, a comment, a
formula) stays an error, though pandoc closes some by itself: text would move into a box, into code or out of sight. A
bare fence that nothing closes takes nothing in: pandoc reads what follows as text, so it is a warning
(`open_fences`). A BibTeX key given twice stops a build only where a reader sees which entry is taken: they differ,
and the text lists the key.
"""
