"""Analyses of coded tables: coded tables in, result tables out."""
