"""What goes into an archive such as Zenodo: the outputs, the data that may be published, the code, and who may what.

`paper deposit` writes a flat folder, as archives want it, of one commit: documents, website, data and code, an RO-Crate
that describes them, checksums, licences and metadata. Nothing is sent. It refuses what isn't of that commit, and
whatever the guards of a build refuse.
"""
