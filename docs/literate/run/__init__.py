"""The folder of snippets -> a result for each, each run at most once and kept."""
