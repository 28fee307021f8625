"""Entry point: `python3 -m dev COMMAND`. Written so that an old Python gets a sentence, not a traceback."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit("Python 3.11 to 3.13 is needed; {} is {}.{}.".format(sys.executable, *sys.version_info[:2]))

from dev.main import main

sys.exit(main(sys.argv[1:]))
