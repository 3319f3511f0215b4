"""matplotlib's figure -> one inline SVG for a page: text is text, colours follow the palette."""
