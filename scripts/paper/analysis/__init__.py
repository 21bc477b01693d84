"""Analyses of coded tables: coded tables in, result tables out.

Tables by role or region pass `analysis.disclosure` (`sample`, `protected`); attributes beside a quotation come from
`disclosure.printable`. Counts by pseudonym are shown.
"""
