"""A page's Markdown -> HTML of its snippets, values and formulas; a fault -> its file and line."""
