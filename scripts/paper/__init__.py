"""A research paper that builds itself.

Subpackages, each using only those before it: ``coding`` (coded data), ``analysis`` (coded tables in,
result tables out), ``figures`` and ``tables`` (result tables in, publication objects out), ``render``
(sources in, site and PDFs out), ``cli``. ``project``, ``errors``, ``report`` and ``bibliography`` serve all.
"""
