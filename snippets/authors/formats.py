"""The same kinds of values under Python's format specifications."""

rows = [
    (12800, ",", "an integer, thousands marked"),
    (0.51234, ".2f", "digits after the point"),
    (0.9712, ".1%", "a share as per cent"),
    (2.6e-15, ".0e", "very small or very large"),
    (0.000312, ".2g", "significant digits"),
    ("Adam", "", "text as it is"),
    (True, "", "true or false"),
]
print("| value | format | shown | for |")
print("|---|---|---|---|")
for value, form, purpose in rows:
    before = f"`:{form}`" if form else ""
    print(f"| `{value!r}` | {before} | {format(value, form)} | {purpose} |")
