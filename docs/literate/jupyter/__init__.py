"""A notebook in docs -> a page like the others; the only room that knows mkdocs-jupyter."""
