"""matplotlib's figure -> a drawing that is stored -> inline SVG for a page.

In: a `Figure` and the name of a style (`draw.drawn`, which imports matplotlib). Out: a `Drawing`,
plain data; and of one or several of those, in the page's words and colours, the `<svg>` of a page
or a file (`compose`, which imports nothing but the standard library).
"""
