"""Passages: all between two headings in one element, and nothing else moved."""

import markdown


def page(text: str) -> str:
    return markdown.markdown(text, extensions=["literate.page.sections", "footnotes"]).replace(
        "\n", ""
    )


def test_each_heading_has_its_passage() -> None:
    assert page("# t\n\nintro\n\n## a\n\none\n\ntwo\n\n### b\n\n### c\n\n- three") == (
        "<h1>t</h1><p>intro</p>"
        '<h2>a</h2><div class="passage"><p>one</p><p>two</p></div>'
        '<h3>b</h3><h3>c</h3><div class="passage"><ul><li>three</li></ul></div>'
    )


def test_a_page_without_headings_stays() -> None:
    assert page("# t\n\nintro") == "<h1>t</h1><p>intro</p>"
    assert page("") == ""


def test_footnotes_end_the_last_passage() -> None:
    html = page("intro[^1]\n\n## a\n\none\n\n[^1]: note")
    assert html.index("one") < html.index('class="footnote"') < html.rindex("</div></div>")
