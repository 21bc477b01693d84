"""How fast the paper is built, and how much memory that takes: ``python -m benchmarks`` measures and reports.

measure   one command: wall time, and peak memory over all of its processes
machine   what it ran on
books     made-up books of any size, the same on every machine
floor     pandoc, kernel, Typst and Pagefind alone, on the same sources: what no build can be faster than
engines   the ways to build a book: the embedded engine, and Quarto where it is installed
cases     what is measured
report    results.md and results.svg
"""
