"""A browser for the tests of pages: it remembers everything that a page complains about or asks for."""

from __future__ import annotations

import shutil
import wave
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa.reports.names import page_name

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync", "--autoplay-policy=user-gesture-required"]


class Site:
    """The folder of pages, and a browser that remembers everything it complains about or asks for."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self.folder = folder
        self.trouble: list[str] = []
        self.asked: list[str] = []
        self.context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.trouble.append(message.text))
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def open(self, path: str, fragment: str = "") -> Page:
        self.page.goto("about:blank")
        self.page.goto((self.folder / path).as_uri() + fragment)
        return self.page

    def call(self, call_id: str, fragment: str = "") -> Page:
        return self.open(f"calls/{page_name(call_id)}.html", fragment)


def until(page: Page, condition: str) -> None:
    """Wait up to 10 s; by asking again, because the pages' policy refuses a predicate that is evaluated in them."""
    for _ in range(200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never true: {condition}")


def silence(path: Path, seconds: int = 60) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(b"\x80" * 8000 * seconds)
