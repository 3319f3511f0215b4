"""What only MkDocs can do for the site: both languages, the downloads, all failures at once.

The pages themselves need nothing of this: Zensical builds them without any hook.
"""

from __future__ import annotations

from literate.site.plugin import Publication

publication = Publication()

on_startup = publication.on_startup
on_config = publication.on_config
on_post_build = publication.on_post_build
on_serve = publication.on_serve
on_build_error = publication.on_build_error
