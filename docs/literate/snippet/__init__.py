"""A file below the folder of snippets -> its cells and key; a run -> its result and its inputs."""
