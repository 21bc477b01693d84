"""The cells of chapters: run in kernels, their results cached, and written into the text."""
