"""Numbers over the whole book, references and citations."""
