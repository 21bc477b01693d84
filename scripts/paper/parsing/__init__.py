"""From executed Markdown to a tree of constructs."""
