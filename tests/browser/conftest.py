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
    saved: int = 0

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
        page.on("console", lambda said: said.type == "error" and self._note(page, said.text))
        page.on("pageerror", lambda error: self.trouble.append(f"{page.url}: {error}"))
        self.windows.append(context)
        return page

    def _note(self, page: Page, text: str) -> None:
        if "Failed to load resource" not in text:  # a status page is no complaint
            self.trouble.append(f"{page.url}: {text}")

    def look(self, page: Page, name: str) -> None:
        """Check the page as it now stands, and keep its picture when SCREENSHOTS names a folder."""
        self.saved += 1
        html = page.content().replace(' style=""', "")  # Playwright's pictures leave these
        (self.folder / f"{self.saved:02d}-{name}.html").write_text(html)
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
        context = self.browser.new_context(viewport=page.viewport_size, reduced_motion="reduce")
        self.windows.append(context)
        copy, html = context.new_page(), page.content()
        copy.route("**/portal.js", lambda route: route.abort())
        copy.route(page.url, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        copy.goto(page.url)
        return copy

    def _axe(self, page: Page, name: str) -> None:
        if not page.context.js:
            page = self._without_script(page)
        page.evaluate(AXE.read_text())
        rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        options = {"resultTypes": ["violations"], "runOnly": rules}
        found = page.evaluate("async options => (await axe.run(document, options)).violations", options)
        said = [(each["id"], [node["target"] for node in each["nodes"]]) for each in found]
        assert not said, f"{name}: {json.dumps(said)}"

    def finish(self) -> None:
        for context in self.windows:
            context.close()
        assert not self.trouble, self.trouble
        if self.saved:
            self._validate()

    def _validate(self) -> None:
        node = shutil.which("node")
        command = [node, str(HTML_VALIDATE), "--config", str(ROOT / "tests/browser/htmlvalidate.json")]
        run = subprocess.run([*command, str(self.folder)], capture_output=True, text=True, check=False)
        assert run.returncode == 0, re.sub(r"\x1b\[[0-9;]*m", "", run.stdout)


@pytest.fixture
def looker(chromium, live_server, tmp_path, settings):
    settings.PORTAL_URL = live_server.url
    found = Looker(chromium, live_server.url, tmp_path)
    yield found
    found.finish()
