"""The reply to reviewers: numbered points from their report, each with an answer and what was changed."""
