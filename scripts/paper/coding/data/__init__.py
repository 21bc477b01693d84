"""The coded tables of ``data/``: their description, reading, checks, and the attributes of interviews.

`coding.data.load.table(name)` gives a validated DataFrame of `data/NAME.csv`; missing text is `""`, never NaN;
`coding.data.load.is_synthetic()` says whether the interview tables (`cases`, `coders`, `segments`, `memos`) come from
`data/synthetic/`.
"""
