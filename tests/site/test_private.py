"""What the engine relies on of others that is not public: named here, and in one module."""

import threading

from mkdocs.livereload import LiveReloadServer

from literate.site.private import build_again


def test_a_preview_of_mkdocs_waits_for_a_condition_and_a_wish() -> None:
    server = LiveReloadServer(lambda: None, "127.0.0.1", 0, ".")
    try:
        assert isinstance(server._rebuild_cond, threading.Condition)
        assert server._want_rebuild is False
        build_again(server)
        assert server._want_rebuild is True
    finally:
        server.server_close()
