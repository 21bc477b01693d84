"""What runs inside a kernel: watching of files, figures, the interpreter's own settings."""
