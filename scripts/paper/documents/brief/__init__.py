"""The practitioners' brief: its PDF, what its sentences stand on, how its readers reach the paper.

Each sentence of `brief/brief.qmd` is a span that names what it rests on: `[sentence]{from="sec-design pizikov2017"
says="words of that section"}`, where `from` takes ids of the paper, keys of cited works, `claim-ID`, `table/ROW`, or
`brief` for a sentence about the brief itself. A grade of evidence stands beside it: `[published]{.smallcaps}`,
`observed`, `argued` or `not known`. `paper brief check` holds it to the paper: the words, the works cited there, the
numbers, and a grade for each point. It holds the parts of an evidence brief, too, after the guides of SURE, SUPPORT
and EVIPNet: a section or block has the part's name as its id (`#message`, `#key-messages`, `#problem`, `#evidence`,
`#options`, `#barriers`, `#equity`, `#not-known`), or a sentence has it as its class (`.prepared`, `.sources`,
`.interests`, `.valid-until`; in each `.option`: `.benefits`, `.costs`, `.uncertainty`; among barriers: `.citizen`,
`.official`, `.organization`, `.system`); what nobody knows says “Not known.”. A build refuses a brief that isn't two
pages long. Its translations, `brief/brief.LANG.qmd`, bind each sentence to the English by a key that changes with its
words, `[…]{of="3f2a9c1b"}`; one without an empty sentence becomes `brief.LANG.pdf`, by the embedded engine with
either, and what is behind the English has a † there and a note in the check.
"""
