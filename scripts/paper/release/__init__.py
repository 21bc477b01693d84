"""What a build leaves: its folder and record, and whether these are whole, safe and what the sources give.

A build writes within the project, or beside it within its repository (`output-dir: ../docs`). It replaces only what a
build made, file by file (`release.output.refuse_foreign`: what `manifest.json` or the last build's own record names,
bears a mark of Quarto's, or is a picture that a page of Quarto's shows); what web servers read there stays. It reads
and hashes plain files within the project only. What other sources made is taken away: a target that a build doesn't
make stays only where it is of the same origin (`release.record.current`), pages offer no file that isn't there
(`site.offered`), and a site of two states is neither published nor verified (`release.record.stale`).
"""
