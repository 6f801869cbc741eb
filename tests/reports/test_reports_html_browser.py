"""The pages in a real browser, from disk: they play, follow links, filter, sort, ask for nothing and run nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from reports_browser import CHROMIUM, FLAGS, Site, silence, until
from reports_call import HOSTILE, scored
from reports_night import night_of, sample_night

from qa.model.night import Night
from qa.reports.html import HtmlReport, _environment, _Site, _write_team
from qa.reports.names import page_name

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

sync_api = pytest.importorskip("playwright.sync_api", reason="the browser tests need playwright")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="the browser tests need Chromium; install the system's chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_api.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("night")
    night = sample_night(root / "rec ordings")
    for call in night.calls:
        silence(call.media)
    (root / "out").mkdir()
    HtmlReport().write(night, root / "out")
    return root / "out"


@pytest.fixture
def site(browser: Browser, folder: Path) -> Iterator[Site]:
    opened = Site(browser, folder)
    yield opened
    opened.context.close()


def test_every_page_opens_from_disk_without_a_complaint_a_request_or_a_payload(site: Site) -> None:
    pages = sorted(site.folder.rglob("*.html"))
    assert len(pages) == 13
    for page in pages:
        opened = site.open(str(page.relative_to(site.folder)))
        opened.wait_for_load_state("load")
        assert opened.evaluate("window.fired") is None
        assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert site.trouble == []
    assert [url for url in site.asked if not url.startswith(("file:", "about:", "data:"))] == []


def test_without_escaping_the_same_words_do_run(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "raw.html").write_text(f"<!doctype html><body>{HOSTILE}", "utf-8")
    page = Site(browser, tmp_path).open("raw.html")
    until(page, "window.fired === 1")


def test_a_phone_shows_every_kind_of_page_without_scrolling_sideways(site: Site) -> None:
    site.page.set_viewport_size({"width": 390, "height": 844})
    for path in ("index.html", "coaching.html", f"agents/{page_name('4711')}.html"):
        assert site.open(path).evaluate("document.documentElement.scrollWidth") == 390
    for call_id in ("C-1001", HOSTILE):
        assert site.call(call_id).evaluate("document.documentElement.scrollWidth") == 390


def test_a_deep_link_goes_to_its_second_and_marks_its_criterion(site: Site) -> None:
    page = site.call("C-1001", "#t=24.4&c=empathy")
    until(page, "document.getElementById('audio').currentTime === 24.4")
    assert page.locator(".criterion.chosen").get_attribute("data-criterion") == "empathy"
    assert page.locator(".line.now .said").inner_text().startswith("Tak tak")
    assert page.evaluate("document.getElementById('audio').paused")
    page.keyboard.press(" ")
    until(page, "document.getElementById('audio').currentTime > 24.6")


def test_a_click_on_evidence_plays_it_and_marks_its_words(site: Site) -> None:
    page = site.call("C-1001")
    page.locator(".criterion .quote").first.click()
    until(page, "!document.getElementById('audio').paused")
    assert 13.1 < page.evaluate("document.getElementById('audio').currentTime") < 16
    words = page.evaluate("[...CSS.highlights.get('evidence')].map(String).join(' ')")
    assert words == "Rozumiem, trzy dni bez internetu"


def test_a_click_on_a_word_goes_to_that_word(site: Site) -> None:
    page = site.call("C-1001")
    box = page.evaluate("""() => { const r = document.createRange();
        const node = document.querySelectorAll('.said')[1].firstChild; const at = node.data.indexOf('trzech');
        r.setStart(node, at + 2); r.setEnd(node, at + 4);
        const b = r.getBoundingClientRect(); return [b.x, b.y + 4]; }""")
    page.mouse.click(box[0], box[1])
    until(page, "document.getElementById('audio').currentTime >= 7.26")
    assert page.evaluate("document.getElementById('audio').currentTime") < 9


def test_keys_step_through_evidence_criteria_and_time(site: Site) -> None:
    page = site.call("C-1002")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.className") == "quote playing"
    page.keyboard.press("n")
    page.keyboard.press("n")
    assert page.locator(".criterion.chosen").get_attribute("data-criterion") == "empathy"
    page.keyboard.press("p")
    assert page.locator(".criterion.chosen").get_attribute("data-criterion") == "verification"
    page.evaluate("document.getElementById('audio').pause()")
    before = page.evaluate("document.getElementById('audio').currentTime")
    page.keyboard.press("ArrowRight")
    until(page, f"document.getElementById('audio').currentTime >= {before + 9.9}")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()


def test_a_transcript_without_sound_still_follows_links(site: Site) -> None:
    page = site.call("C-1006", "#t=20.6")
    assert page.locator(".line.now .said").inner_text().startswith("Numer umowy")
    assert page.locator("#head").get_attribute("x") == f"{100 * 20.6 / 60}%"


def test_the_theme_follows_the_reader(site: Site) -> None:
    page = site.open("index.html")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("#theme").click()
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_a_recording_that_is_gone_is_told(browser: Browser, night: Night, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    HtmlReport().write(night, tmp_path / "out")
    page = Site(browser, tmp_path / "out").call("C-1001")
    page.wait_for_selector("#trouble:visible")


def shown(page: Page) -> list[str]:
    return list(page.locator("#calls tbody tr td:first-child").all_inner_texts())


def test_the_filter_in_the_address_chooses_rows(site: Site) -> None:
    for query, calls in {
        "agent:4711 v:missed c:empathy": ["C-1001", "C-1002"],
        "c:empathy v:met band:poor": [],
        "c:verification v:missed agent:4712": ["C-1004"],
        'agent:"Anna Kowalska" v:partly': ["C-1002"],
        "is:auto-fail -agent:4712": [HOSTILE.replace("\u2028", " ")],
        "kowalska -v:missed": ["C-1003"],
        "promise:open lang:pl band:good": ["C-1001", "C-1003", "C-1005"],
    }.items():
        page = site.open("index.html", "#?q=" + query.replace(" ", "%20").replace('"', "%22"))
        assert [" ".join(text.split()) for text in shown(page)] == [" ".join(call.split()) for call in calls], query
        assert page.locator("#query").input_value() == query


def test_chips_write_the_address_and_going_back_undoes_them(site: Site) -> None:
    page = site.open("index.html")
    page.get_by_role("button", name="Auto-fail", exact=True).click()
    assert page.url.endswith("#?q=is:auto-fail")
    assert len(shown(page)) == 2
    page.get_by_role("button", name="Missed", exact=True).click()
    assert page.locator("#query").input_value() == "is:auto-fail v:missed"
    page.go_back()
    until(page, "document.getElementById('query').value === 'is:auto-fail'")
    page.reload()
    assert len(shown(page)) == 2


def test_heads_sort_and_the_order_survives_a_reload(site: Site) -> None:
    page = site.open("index.html", "#?q=agent:4711")
    page.get_by_role("button", name="Score").click()
    assert shown(page) == ["C-1002", "C-1001", "C-1003"]
    page.get_by_role("button", name="Score").click()
    page.reload()
    assert shown(page) == ["C-1003", "C-1001", "C-1002"]
    assert page.locator("#calls th[aria-sort]").get_attribute("aria-sort") == "descending"


def test_the_heat_map_sorts_and_leads_to_the_calls(site: Site) -> None:
    page = site.open("index.html")
    page.locator(".heat thead").get_by_role("button", name="Acknowledges").click()
    assert page.locator(".heat tbody th").all_inner_texts()[2].startswith("Anna Kowalska")
    page.locator(".heat tbody tr").nth(2).locator("td a").nth(2).click()
    assert shown(page) == ["C-1001", "C-1002", "C-1003"]


def test_a_long_table_draws_only_what_is_in_view(browser: Browser, tmp_path: Path) -> None:
    calls = tuple(scored(number, "4711", "Anna", "mmmmm", tmp_path) for number in range(2001))
    small = night_of(calls[:1])
    site = _Site(_environment(), replace(small, calls=calls), tmp_path)
    (tmp_path / "assets").mkdir()
    HtmlReport().write(small, tmp_path)
    _write_team(site)
    opened = Site(browser, tmp_path)
    page = opened.open("index.html")
    assert page.locator("#shown").inner_text() == "2001 calls"
    assert page.locator("#calls tbody tr").count() < 80
    page.evaluate("document.getElementById('window').scrollTop = 1e6")
    page.wait_for_selector(f"text={max(call.scorecard.call.call_id for call in calls)}")
    assert opened.trouble == []
