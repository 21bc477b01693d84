"""From numbered chapters to pages, PDF, DOCX and JATS."""
