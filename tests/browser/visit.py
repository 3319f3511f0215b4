"""A reader's visit to the site, and the addresses there are to visit."""

from __future__ import annotations

from dataclasses import dataclass, field

from host import ROOT
from playwright.sync_api import Page, Response

NAMES = sorted(path.stem for path in (ROOT / "docs" / "zh").iterdir())
PATHS = [
    f"{language}{'' if name == 'index' else f'{name}/'}"
    for language in ("", "en/")
    for name in ["index", *(name for name in NAMES if name != "index")]
]
CHAPTERS = [
    f"{language}{name}/"
    for language in ("", "en/")
    for name in ("sgd", "optimizers", "losses", "overfitting", "initialisation")
]

UNFOLD = "for (const fold of document.querySelectorAll('article details')) fold.open = true"
"""What a page does to show what is folded."""
SETTLED = """() => new Promise(resolve => {
    let last = -1;
    const look = () => {
        if (scrollY === last) resolve();
        else {
            last = scrollY;
            setTimeout(look, 100);
        }
    };
    look();
})"""
"""A promise that is kept when the page scrolls no further."""


@dataclass
class Visit:
    """A reader's visit: the page, what the console said, and what was asked of the network."""

    page: Page
    origin: str
    console: list[str] = field(default_factory=list)
    replies: list[Response] = field(default_factory=list)
    requested: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self.console.append(message.text))
        self.page.on("pageerror", lambda error: self.console.append(str(error)))
        self.page.on("request", lambda request: self.requested.append(request.url))
        self.page.on("response", lambda reply: self.replies.extend([reply]))

    def go(self, path: str) -> Page:
        """Open a page of the site by its address."""
        self.page.goto(self.origin + path)
        return self.page

    def follow(self, path: str) -> None:
        """Follow a link of the navigation."""
        target = self.origin + path
        self.page.evaluate(
            """target => [...document.querySelectorAll(".md-nav--primary a[href]")]
                .find(link => link.href.split("#")[0] === target).click()""",
            target,
        )
        self.page.wait_for_url(target)


def search(page: Page, query: str) -> list[str]:
    """Type a query; the addresses of what is found, the best first, as far as they are shown."""
    box = page.locator(".md-search__input")
    box.click()
    for text, answer in (("", "键入|Type to"), (query, "结果|document")):
        box.fill(text)
        box.press("End")  # Material listens to keys, not to the text
        page.wait_for_function(
            "wanted => document.querySelector('.md-search-result__meta').textContent.match(wanted)",
            arg=answer,
        )
    return page.locator(".md-search-result__link").evaluate_all("links => links.map(a => a.href)")
