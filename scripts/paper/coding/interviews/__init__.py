"""Coded interviews: what counts, agreement of coders, quotations, standards of reporting."""
