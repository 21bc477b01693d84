"""What the site offers around the text: words, citing, files for machines, search, state, drafts."""
