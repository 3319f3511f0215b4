"""Literate chapters: run the snippets that a chapter names, and show what they left."""
