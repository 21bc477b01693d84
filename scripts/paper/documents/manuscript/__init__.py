"""The paper as a manuscript to send to a journal: text, title page apart, counted, on request without its author."""
