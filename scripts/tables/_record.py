"""Where the record of the rewriting comes from."""

SOURCE = "From the audit of the draft."
