"""Books as they were at a commit: their sites, and a published site built anew from its sources."""
