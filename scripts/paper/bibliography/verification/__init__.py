"""Whether works exist and are as the bibliography says: asked of public indexes, kept as a dated record.

Nothing of this is imported by a build or a check: these read the record (``record_file``) alone.

``asking`` makes one request, politely and again; ``indexes`` asks Crossref, OpenAlex, DataCite and Open Library, whose
answers ``parsing`` brings to one form (``model``); ``comparing`` holds an entry against a record; ``judging`` says what
is known of one entry; ``run`` goes through the bibliography.

Where the indexes are asked may be set, as tests do: PAPER_CROSSREF, PAPER_OPENALEX, PAPER_DATACITE, PAPER_OPENLIBRARY
and PAPER_DOI in the environment, each an address without a slash at its end.
"""
