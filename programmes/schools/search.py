"""The search of schools in SQL: the beginning of a name first, then words in any order, and only then typing errors.

`school_search()` (migration 0001) has made one line of plain words of each school's name, town and postcode. Each
step is answered by an index and bounded by a LIMIT, so that one letter costs no more than a whole name.
"""

from itertools import pairwise

from django.db import connections
from psycopg import ClientCursor

from .states import SearchRank

LONGEST, LONGEST_WORD, MOST_WORDS = 120, 40, 10
URN_DIGITS = 6
LOOKED_AT = 200  # matches of a step that are sorted; the rest would be as good
MOST_GUESSES = 6  # spellings tried for a mistyped word

# Words that thousands of names share. An index is of no help with them: they only filter what the others find.
COMMON = frozenset((
    "academy", "aided", "and", "catholic", "church", "cofe", "college", "community", "controlled", "england",
    "for", "grammar", "high", "infant", "infants", "junior", "nursery", "of", "primary", "roman", "saint",
    "school", "secondary", "sixth", "special", "st", "the", "voluntary"
))  # fmt: skip

# Whether a word begins any word that we know; short ones and numbers are not kept, so nothing is said of them.
WORDS = """
SELECT left(typed, %(longest)s), typed !~ '^[a-z]{4,40}$' OR EXISTS (
    SELECT FROM programmes_searchword WHERE word ~>=~ typed AND word ~<~ (typed || '{')
) FROM string_to_table(plain_text(%(q)s), ' ') AS typed WHERE typed <> '' LIMIT %(most)s
"""
BY_URN = """(SELECT urn FROM programmes_establishment WHERE urn BETWEEN %(first)s AND %(last)s
ORDER BY urn LIMIT %(limit)s)"""
BEGINNING = """(SELECT urn FROM programmes_establishment WHERE search_rank = {rank} AND search LIKE %(beginning)s
ORDER BY search USING ~<~ LIMIT %(limit)s)"""
INSIDE = """(SELECT urn FROM (SELECT urn, phase, search FROM programmes_establishment WHERE search_rank = {rank}
AND {matches} AND (search || '') NOT LIKE %(beginning)s LIMIT {looked_at}) AS found
ORDER BY phase NOT IN (4, 5, 7), search LIMIT %(limit)s)"""
BY_NAME = """(SELECT urn FROM programmes_establishment WHERE search_rank = {rank}
AND {matches} AND search NOT LIKE %(beginning)s ORDER BY search USING ~<~ LIMIT %(limit)s)"""

# Words of the same first letter, and those in whose beginning the error may be; the nearest by edits.
NEAREST = """
SELECT word FROM (
    SELECT word, LEAST(
        levenshtein_less_equal(word, %(word)s, 2),
        CASE WHEN %(is_last)s THEN levenshtein_less_equal(left(word, %(length)s), %(word)s, 2) END,
        CASE WHEN left(word, %(length)s) = ANY (%(swaps)s) THEN 1 END
    ) AS edits
    FROM programmes_searchword
    WHERE (word LIKE %(same)s OR word LIKE %(left_out)s OR word LIKE %(swapped)s OR substr(word, 2, 3) = %(inside)s)
    AND length(word) >= %(length)s - 2 AND (%(is_last)s OR length(word) <= %(length)s + 2)
) AS near WHERE edits <= %(edits)s 
ORDER BY edits, word <> ALL (%(common)s), abs(length(word) - %(length)s), word LIMIT %(most)s
"""


def find_urns(q: str, limit: int, *, using: str) -> list[int]:
    """Return the URNs of at most `limit` schools, the likeliest first. Any text is harmless.

    The driver puts the words into the statements here: PostgreSQL finds the beginning of a name by an index only when
    it knows the beginning while it plans.
    """
    with _cursor(connections[using]) as cursor:
        values = {"q": q.replace("\0", " ")[:LONGEST], "longest": LONGEST_WORD, "most": MOST_WORDS}
        cursor.execute(WORDS, values)
        words = dict(cursor.fetchall())
        if not words:
            return []
        found = _matching(cursor, [[word] for word in words], limit) if all(words.values()) else []
        return found or _mistyped(cursor, words, limit)


def _cursor(connection):
    """Return a cursor of Django's whose statements are sent whole, whatever the connection is set to."""
    connection.ensure_connection()
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    return wrap(ClientCursor(connection.connection))


def _matching(cursor, words: list[list[str]], limit: int) -> list[int]:
    """Return the schools that have, for each word, one that begins with it or with another of its spellings.

    The steps stand in the order of SearchRank; PostgreSQL runs one after the other and stops when it has enough.
    """
    if not words:
        return []
    values = {"limit": limit, "beginning": f" {' '.join(spellings[0] for spellings in words)}%"}
    helps = [not any(map(_is_common, spellings)) for spellings in words]
    matches = " AND ".join(
        _any_spelling(n, spellings, values, "search" if helps[n] or not any(helps) else "(search || '')")
        for n, spellings in enumerate(words)
    )
    steps = [_by_urn(word, values) for (word, *_) in words if word.isdigit() and 3 <= len(word) <= URN_DIGITS][:1]
    for rank in SearchRank:
        steps.append(BEGINNING.format(rank=rank.value))
        inside = INSIDE if any(helps) else BY_NAME
        steps.append(inside.format(rank=rank.value, matches=matches, looked_at=LOOKED_AT))
    cursor.execute(f"{' UNION ALL '.join(steps)} LIMIT %(limit)s", values)
    return list(dict.fromkeys(urn for (urn,) in cursor.fetchall()))


def _is_common(word: str) -> bool:
    return len(word) < 3 or any(common.startswith(word) for common in COMMON)


def _any_spelling(n: int, spellings: list[str], values: dict, line: str) -> str:
    values |= {f"word{n}_{m}": f"% {word}%" for m, word in enumerate(spellings)}
    return "(" + " OR ".join(f"{line} LIKE %(word{n}_{m})s" for m in range(len(spellings))) + ")"


def _by_urn(word: str, values: dict) -> str:
    wide = 10 ** (URN_DIGITS - len(word))
    values |= {"first": int(word) * wide, "last": (int(word) + 1) * wide - 1}
    return BY_URN


def _mistyped(cursor, words: dict[str, bool], limit: int) -> list[int]:
    """Return the schools that match when the unknown words are put right, or else one word after the other."""
    typed, last = [[word] for word in words], list(words)[-1]
    if not all(words.values()):
        mended = [[word] if known else _guesses(cursor, word, is_last=word == last) for word, known in words.items()]
        if found := _matching(cursor, [each for each in mended if each], limit):
            return found
    if found := _matching(cursor, _joined(list(words)), limit):
        return found
    for n, word in reversed(list(enumerate(words))):
        near = _guesses(cursor, word, is_last=word == last)
        if near and (found := _matching(cursor, [*typed[:n], near, *typed[n + 1 :]], limit)):
            return found
    return []


def _guesses(cursor, word: str, *, is_last: bool) -> list[str]:
    """Return the words that are most like a mistyped one; two letters swapped are one error."""
    if len(word) < 4 or not word.isalpha():
        return []
    swaps = [word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in range(len(word) - 1)]
    values = {"word": word, "length": len(word), "is_last": is_last, "most": MOST_GUESSES}
    values |= {"same": f"{word[0]}%", "left_out": f"{word[1:3]}%", "swapped": f"{word[1]}{word[0]}%"}
    values |= {"inside": word[1:4], "swaps": swaps, "common": sorted(COMMON), "edits": 1 if len(word) == 4 else 2}
    cursor.execute(NEAREST, values)
    return [near for (near,) in cursor.fetchall()]


def _joined(words: list[str]) -> list[list[str]]:
    """Return the words with each neighbour joined on, for a space too many."""
    return [[first + second] for first, second in pairwise(words)]
