"""Images of a book and files that its pages lead to."""
