"""Coded interviews in and out: REFI-QDA projects and codebooks, spreadsheets, tables.

A file becomes a ``model.CodedProject`` (refi, sheets); ``settle`` gives people pseudonyms and finds cases,
blocks and codes; ``merge`` lays the result over the tables in ``data/``; ``store`` writes them. Exports go the
other way. Interview text, and names of people, files and projects, stay in ``data/private/``.
"""
