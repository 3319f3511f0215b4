"""The same kinds of values under Python's format specifications."""

rows = [
    (12800, ",", "整数，带千分位", "an integer with its thousands marked"),
    (0.51234, ".2f", "小数点后的位数", "digits behind the point"),
    (0.9712, ".1%", "百分数", "a share as per cent"),
    (2.6e-15, ".0e", "很小或很大的数", "very small or very large"),
    (0.000312, ".2g", "有效数字", "significant digits"),
    ("AdamW", "", "文字，原样", "text as it is"),
    (True, "", "真假", "true or false"),
]
print("| value | format | shown | 用在 | for |")
print("|---|---|---|---|---|")
for value, form, chinese, english in rows:
    before = f"`:{form}`" if form else ""
    print(f"| `{value!r}` | {before} | {format(value, form)} | {chinese} | {english} |")
