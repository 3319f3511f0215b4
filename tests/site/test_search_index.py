"""Search plugins read what readers look for, and pages are what they were."""

from types import SimpleNamespace

from literate.site.search import IndexedText

PAGE = """
<h1>Title</h1><pre>a fence</pre>
<div class="snippet__cell" data-search-exclude data-before=""><div class="highlight">
<pre><code>one</code></pre></div></div>
<pre class="snippet__printed"><samp>printed</samp></pre>
<div class="snippet__figure" data-search-exclude><svg a="1"><text>two</text></svg></div>
<div class="snippet__run" data-search-exclude>ran</div>
<span class="formula" data-search-exclude><math alttext="x"><mi>three</mi></math></span>
<pre><span></span><code><span class="k">another</span> fence &lt;<a id="x"></a>
</code></pre>
"""


def test_only_what_is_not_searched_is_kept_from_the_index() -> None:
    page = SimpleNamespace(content=PAGE)
    text = IndexedText()
    text.take_out({}, page=page, config=None, nav=None)
    for shown in ("a fence", "printed", "ran"):
        assert shown in page.content
    for hidden in ("one", "two", "three"):
        assert hidden not in page.content
    assert "<code>another fence &lt;\n</code></pre>" in page.content, "code without its colours"
    assert page.content.count("<div") == page.content.count("</div>") == PAGE.count("<div")


def test_the_page_is_as_it_was_after_the_search_plugin_has_changed_it() -> None:
    page = SimpleNamespace(content=PAGE)
    text = IndexedText()
    text.take_out({}, page=page, config=None, nav=None)
    page.content = page.content.replace("Title", "Titel")
    text.put_back({}, page=page, config=None, nav=None)
    assert page.content == PAGE.replace("Title", "Titel")
