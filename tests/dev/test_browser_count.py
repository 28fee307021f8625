"""The plugin that fails a run without browser tests."""

import subprocess
import sys

import pytest

from dev.places import ROOT

BROWSER = "import pytest\n@pytest.mark.browser\ndef test_a_page(): pass\n"
PLAIN = "def test_a_rule(): pass\n"
SKIPPED = "import pytest\n@pytest.mark.browser\n@pytest.mark.skip\ndef test_a_page(): pass\n" + PLAIN


@pytest.mark.parametrize(
    ("source", "workers", "code"),
    [(BROWSER, ["-n", "1"], 0), (PLAIN, ["-n", "1"], 1), (SKIPPED, [], 1)],
    ids=["passed", "none", "skipped"],
)
def test_a_run_without_a_passed_browser_test_fails(tmp_path, source, workers, code):
    (tmp_path / "test_it.py").write_text(source)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = browser: drives a browser\n")
    plugins = ["-p", "dev.pytest_browser_count", "-p", "no:django", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *plugins, *workers, "--require-browser-tests", "--rootdir", tmp_path]

    run = subprocess.run([*command, tmp_path], cwd=ROOT, capture_output=True, text=True, check=False)

    assert run.returncode == code, run.stdout
    assert ("no browser test has passed" in run.stdout) == bool(code)
