"""The ledger of claims, held against what is coded.

`data/claims.yml` (made-up ones: `data/synthetic/claims.yml`) binds each claim to codes, or to rows coded from
documents, and to the support that it needs. In a chapter it is a link, `[words](#claim-ID){.claim}`, to the list that
`tables.evidence()` sets; that call raises a `SourceError` where support falls below.
"""

from typing import Final

ANNOTATIONS: Final = "annotations.jsonld"  # the claims with their evidence, at the site's root
