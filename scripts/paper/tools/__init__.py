"""The programs that the engine stands on, a door each, and what keeps files and results whole."""
