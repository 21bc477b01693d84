"""What is known of a book without running it, for `paper check` and for a build alike."""
