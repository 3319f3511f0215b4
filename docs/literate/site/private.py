"""What is used of MkDocs although it is not public: a preview can be told to build again."""

from __future__ import annotations

from mkdocs.livereload import LiveReloadServer


def build_again(server: LiveReloadServer) -> None:
    """Have the preview build as if a file had been saved; no public call does this."""
    with server._rebuild_cond:
        server._want_rebuild = True
        server._rebuild_cond.notify_all()
