"""A page's Markdown -> the same page as plain Markdown, as a notebook, and the files beside it."""
