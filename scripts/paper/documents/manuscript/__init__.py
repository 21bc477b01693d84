"""The paper as a manuscript to send to a journal: text, title page apart, counted, on request without its author.

`paper manuscript --anonymous` leaves out `[words]{.identifying}`, blocks and sections of that class, and what
`anonymise: hide:` in `_quarto.yml` names (each passage must stand somewhere); it refuses a text that still names its
author. `{.acknowledgements}` goes to the title page.
"""
