"""python -m bench [NAME ...]: run the measurements, each module's run(), and print one table."""

import importlib
import os
import pkgutil
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hubportal.settings")
WIDTHS = "{:<58} {:>10} {:<8} {:>9} {:>7}  {:<6} {}"


def main(names: list[str]) -> int:
    """Print the table; return 1 if a goal is missed."""
    django.setup()
    missed = False
    print(WIDTHS.format("figure", "value", "unit", "floor", "ratio", "", "goal"))
    for name, run in _modules(names):
        print(f"-- {name}", flush=True)
        for row in run():
            missed |= row.passed is False
            print(_line(row), flush=True)
    return int(missed)


def _modules(names: list[str]):
    """Yield every module of this package that has a run(), in alphabetical order."""
    for found in pkgutil.iter_modules([os.path.dirname(__file__)]):
        if found.name.startswith("_") or (names and found.name not in names):
            continue
        run = getattr(importlib.import_module(f"bench.{found.name}"), "run", None)
        if run:
            yield found.name, run


def _line(row) -> str:
    verdict = {True: "pass", False: "MISSED", None: ""}[row.passed]
    floor = "" if row.floor is None else f"{row.floor:,.3g}"
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    return WIDTHS.format(row.name, f"{row.value:,.4g}", row.unit, floor, ratio, verdict, row.goal).rstrip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
