"""Tables that people open in a spreadsheet."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe(value) -> str:
    """Return a cell as text; one that would begin a formula, also after blanks, gets an apostrophe in front."""
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
