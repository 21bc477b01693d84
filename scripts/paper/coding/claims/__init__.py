"""The ledger of claims, held against what is coded."""

from typing import Final

ANNOTATIONS: Final = "annotations.jsonld"  # the claims with their evidence, at the site's root
