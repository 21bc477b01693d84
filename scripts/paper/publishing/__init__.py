"""Figures and tables as chapters get them, in every format, with what is committed of them."""
