"""What people type to find a school, made from the register's rows: 400 queries, a third of them mistyped."""

from random import Random

KEYBOARD = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk",
    "k": "jl", "l": "ko", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "w", "r": "et", "s": "ad", "t": "ry",
    "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip
KINDS = ("keystrokes", "beginning", "words", "name and town", "postcode", "URN", "spelling")


def mixed(schools: list[dict], count: int = 400, *, seed: int = 7) -> list[tuple[str, str, dict]]:
    """Return (kind, query, school) for `count` queries; two of nine are mistyped. Schools are rows of the search."""
    random = Random(seed)
    cycle = (*KINDS, "mistyped", "mistyped")
    return [_query(cycle[n % len(cycle)], random.choice(schools), random) for n in range(count)]


def mistyped(schools: list[dict], count: int = 400, *, seed: int = 8) -> list[tuple[str, str, dict]]:
    random = Random(seed)
    return [_query("mistyped", random.choice(schools), random) for _ in range(count)]


def _query(kind: str, school: dict, random: Random) -> tuple[str, str, dict]:
    name, words = school["name"], school["name"].split()
    text = {
        "keystrokes": lambda: name[: random.randint(1, 5)],
        "beginning": lambda: name[: random.randint(6, max(7, len(name) - 2))],
        "words": lambda: " ".join(random.sample(words, min(2, len(words)))),
        "name and town": lambda: f"{name} {school['town']}".strip(),
        "postcode": lambda: random.choice((str, str.lower, _no_space))(school["postcode"])[: random.choice((5, 6, 8))],
        "URN": lambda: str(school["urn"]),
        "spelling": lambda: _other_spelling(name),
        "mistyped": lambda: _mistype(name, random),
    }[kind]()
    return kind, text, school


def _no_space(postcode: str) -> str:
    return postcode.replace(" ", "").lower()


def _other_spelling(name: str) -> str:
    """Return the name as somebody else would write it: St or Saint, & or and, without apostrophes and hyphens."""
    name = name.replace("’", "'")  # noqa: RUF001 - the register has both
    pairs = (("St. ", "Saint "), ("St ", "Saint "), ("Saint ", "St ")) if "S" in name else ()
    for old, new in pairs:
        if old in name:
            name = name.replace(old, new)
            break
    name = name.replace(" & ", " AND ") if " & " in name else name.replace(" and ", " & ")
    return name.replace("'", "").replace("-", " ").replace("à", "a").lower()


def _mistype(name: str, random: Random) -> str:
    """Return the name with one error in one of its longer words."""
    words = name.lower().split()
    longer = [n for n, word in enumerate(words) if len(word) > 4] or [0]
    n = random.choice(longer)
    words[n] = _one_error(words[n], random)
    return " ".join(words)


def _one_error(word: str, random: Random) -> str:
    at = random.randrange(1, max(2, len(word) - 1))
    return {
        "left out": word[:at] + word[at + 1 :],
        "doubled": word[:at] + word[at] + word[at:],
        "swapped": word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
        "neighbour": word[:at] + random.choice(KEYBOARD.get(word[at], "e")) + word[at + 1 :],
    }[random.choice(("left out", "doubled", "swapped", "neighbour"))]


def answers(found: list[dict], kind: str, school: dict) -> bool:
    """Return whether what was found answers the query: the school or its namesake; for a few letters, anything."""
    if kind in {"keystrokes", "words"}:
        return bool(found)
    return any(each["urn"] == school["urn"] or each["name"] == school["name"] for each in found) or (
        kind in {"beginning", "postcode"} and bool(found)
    )
