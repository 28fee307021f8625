"""A pytest plugin: with --require-browser-tests a run in which no browser test passed has failed."""

import pytest

passed = pytest.StashKey[int]()


def pytest_addoption(parser):
    parser.addoption(
        "--require-browser-tests", action="store_true", help="fail when no test marked “browser” has passed"
    )


def pytest_configure(config):
    config.stash[passed] = 0
    if not hasattr(config, "workerinput"):  # with xdist the controller hears of every test
        config.pluginmanager.register(_Counter(config), "browser-count")


class _Counter:
    def __init__(self, config):
        self.config = config

    def pytest_runtest_logreport(self, report):
        if report.when == "call" and report.passed and "browser" in report.keywords:
            self.config.stash[passed] += 1

    def pytest_sessionfinish(self, session):
        if self._missing() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        if self._missing():
            terminalreporter.write_line("FAILED: no browser test has passed, so the pages are untested.", red=True)
        elif self.config.stash[passed]:
            terminalreporter.write_line(f"Browser tests passed: {self.config.stash[passed]}")

    def _missing(self):
        return self.config.getoption("--require-browser-tests") and not self.config.stash[passed]
