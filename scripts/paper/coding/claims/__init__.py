"""The ledger of claims, held against what is coded."""
