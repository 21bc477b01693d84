"""The coded tables of ``data/``: their description, reading, checks, and the attributes of interviews."""
