"""A real Chromium, and what every page in it must be: axe-clean, valid, within its width, quiet under the policy."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
HTML_VALIDATE = ROOT / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop lives in the thread in which the tests use the ORM


@pytest.fixture(scope="session")
def chromium():
    """Return a running Chromium: CHROMIUM names one, else the system's."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "No Chromium: `make test` finds or installs one; or set CHROMIUM."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Looker:
    """Opens windows and looks at their pages."""

    browser: object
    address: str
    folder: Path
    windows: list = field(default_factory=list)
    trouble: list = field(default_factory=list)
    copies: dict = field(default_factory=dict)

    def window(self, *, width: int = 1280, js: bool = True, cookies=()) -> Page:
        """Return a page of a new window that remembers every complaint of the browser."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=js,
            base_url=self.address,
            locale="en-GB",
            reduced_motion="reduce",
        )
        context.js = js
        context.add_cookies([{"url": self.address, **cookie} for cookie in cookies])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.trouble.append(f"{page.url}: {error}"))
        self.windows.append(context)
        return page

    def _note(self, said) -> None:
        if said.type == "error" and "Failed to load resource" not in said.text:  # a status page is no complaint
            self.trouble.append(f"{said.location.get('url')}: {said.text}")

    def look(self, page: Page, name: str) -> None:
        """Check the page as it now stands, and keep its picture when SCREENSHOTS names a folder."""
        page.wait_for_load_state()
        html = re.sub(r' style="[^"]*"', "", page.content())  # scripts set these; in our own HTML the policy complains
        (self.folder / f"{name}-{page.viewport_size['width']}.html").write_text(html)
        if folder := os.environ.get("SCREENSHOTS"):
            width = page.viewport_size["width"]
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
        self._within_width(page, name)
        self._axe(page, name)

    def _within_width(self, page: Page, name: str) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name}: {wide} px wider than the window of {page.viewport_size['width']} px"

    def _without_script(self, page: Page) -> Page:
        """Return the same page, its own script left out, in a window where axe can run: it needs JavaScript itself."""
        copy, html = self._copy(page.viewport_size["width"]), page.content()
        copy.unroute_all()
        copy.route("**/portal.js", lambda route: route.abort())
        copy.route(page.url, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        copy.goto(page.url)
        return copy

    def _copy(self, width: int) -> Page:
        """Return the window for copies, opened once for each width."""
        if width not in self.copies:
            context = self.browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
            self.windows.append(context)
            self.copies[width] = context.new_page()
        return self.copies[width]

    def _axe(self, page: Page, name: str) -> None:
        if not page.context.js:
            page = self._without_script(page)
        page.evaluate(AXE.read_text())
        rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        options = {"resultTypes": ["violations"], "runOnly": rules, "preload": False}  # it would write inline styles
        found = page.evaluate("async options => (await axe.run(document, options)).violations", options)
        said = [(each["id"], [node["target"] for node in each["nodes"]]) for each in found]
        assert not said, f"{name}: {json.dumps(said)}"

    def finish(self) -> None:
        for context in self.windows:
            context.close()
        assert not self.trouble, self.trouble


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    """Return the folder in which every page that was looked at is kept; at the end all are validated in one run."""
    folder = tmp_path_factory.mktemp("pages")
    yield folder
    if any(folder.iterdir()):
        validate(folder)


def validate(folder: Path) -> None:
    """Check every page of a folder. A failure names the page's file, which begins with the name it was looked at by."""
    command = [shutil.which("node"), str(HTML_VALIDATE), "--config", str(ROOT / "tests/browser/htmlvalidate.json")]
    run = subprocess.run([*command, str(folder)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, re.sub(r"\x1b\[[0-9;]*m", "", run.stdout)


@pytest.fixture
def looker(chromium, live_server, pages, settings):
    settings.PORTAL_URL = live_server.url
    found = Looker(chromium, live_server.url, pages)
    yield found
    found.finish()
