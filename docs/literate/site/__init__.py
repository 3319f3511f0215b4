"""A MkDocs project -> a whole site: all languages, all faults at once, the last good site kept."""
