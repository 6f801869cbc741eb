"""Nothing that comes from a call can run, ask the network for anything, or make two reports of one night differ."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from reports_call import HOSTILE, conversation, scored
from reports_night import night_of, sample_night

from qa.model.conversation import Role
from qa.model.night import Night
from qa.reports.html import CONTENT_SECURITY_POLICY, HtmlReport, _environment, _Site, _write_team
from qa.reports.html_table import INLINE_CALLS
from qa.reports.names import page_name

MOST_CALL_BYTES = 300_000
"""A call page without its audio."""
MOST_TEAM_BYTES = 1_500_000


class Elements(HTMLParser):
    """Every start tag with its attributes, and what stands inside scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.in_script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.in_script = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self.in_script = False

    def handle_data(self, data: str) -> None:
        if self.in_script and data.strip():
            self.scripts.append(data)


@pytest.fixture
def pages(night: Night, tmp_path: Path) -> dict[Path, Elements]:
    """Every page of the sample night, parsed."""
    out = tmp_path / "out"
    out.mkdir()
    HtmlReport().write(night, out)
    return {path: Elements(path.read_text("utf-8")) for path in sorted(out.rglob("*.html"))}


def test_no_text_of_a_call_becomes_an_element_or_an_attribute(pages: dict[Path, Elements]) -> None:
    for page in pages.values():
        for tag, attributes in page.tags:
            assert tag not in ("img", "iframe", "object", "embed", "base", "form-action")
            assert not [name for name in attributes if name.startswith("on")]
            for name in ("href", "src"):
                assert not (attributes.get(name) or "").lower().lstrip().startswith(("javascript:", "http", "//"))


def test_scripts_are_our_own_files_or_data(pages: dict[Path, Elements]) -> None:
    for page in pages.values():
        scripts = [attributes for tag, attributes in page.tags if tag == "script"]
        assert scripts
        assert all(("src" in s) != (s.get("type") == "application/json") for s in scripts)
        for data in page.scripts:
            json.loads(data)


def test_every_page_carries_the_policy_and_a_language(pages: dict[Path, Elements]) -> None:
    for page in pages.values():
        policies = [a for tag, a in page.tags if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy"]
        assert [p["content"] for p in policies] == [CONTENT_SECURITY_POLICY]
        assert ("html", {"lang": "en"}) in page.tags


def test_hostile_words_are_shown_as_they_were_said(pages: dict[Path, Elements]) -> None:
    path = next(path for path in pages if path.stem == page_name(HOSTILE))
    text = path.read_text("utf-8")
    assert "&lt;script&gt;fired=1&lt;/script&gt;" in text
    assert "<script>fired" not in text
    assert "{{7*7}}" in text
    assert "//49" not in text


def test_every_local_link_leads_to_a_page_of_the_report(pages: dict[Path, Elements]) -> None:
    others = {"report.xlsx", "scores.csv", "scorecards.jsonl", "failures.csv"}
    for path, page in pages.items():
        links = [a["href"] or "" for tag, a in page.tags if tag == "a"]
        files = {link.partition("#")[0] for link in links} - others - {""}
        assert all((path.parent / file).resolve() in pages for file in files)


def test_ids_on_a_page_are_unique(pages: dict[Path, Elements]) -> None:
    for page in pages.values():
        ids = [a["id"] for _, a in page.tags if "id" in a]
        assert len(ids) == len(set(ids))


def test_the_same_night_gives_the_same_bytes(tmp_path: Path) -> None:
    folders = (tmp_path / "a", tmp_path / "b")
    for folder in folders:
        folder.mkdir()
        HtmlReport().write(sample_night(tmp_path / "recordings"), folder)
    first, second = ({p.relative_to(f): p.read_bytes() for p in f.rglob("*") if p.is_file()} for f in folders)
    assert first == second


def test_a_lone_surrogate_costs_a_character_and_not_the_report(tmp_path: Path) -> None:
    HtmlReport().write(night_of((scored(1, "4711", "Anna \ud800", "mmmmm", tmp_path),)), tmp_path)
    assert "Anna ?" in (tmp_path / "index.html").read_text("utf-8")


def test_an_hour_long_call_stays_below_the_size_of_a_page(tmp_path: Path, night: Night) -> None:
    words = "rozumiem proszę chwilę poczekać sprawdzam to właśnie w systemie już widzę zamówienie"
    talk = tuple(((Role.AGENT, Role.CUSTOMER)[i % 2], 4.8 * i, words) for i in range(750))
    call = replace(night.calls[0], conversation=conversation(talk))
    assert sum(len(turn.words) for turn in call.conversation.turns) == 9000
    assert len(call.conversation.overlaps()) > 700
    HtmlReport().write(night_of((call,)), tmp_path)
    assert (tmp_path / "calls" / f"{page_name('C-1001')}.html").stat().st_size <= MOST_CALL_BYTES


def test_a_team_page_of_two_hundred_agents_stays_below_its_size(tmp_path: Path, night: Night) -> None:
    agents = tuple(replace(night.agents[0], id=str(number), name=f"Agent {number}") for number in range(200))
    HtmlReport().write(replace(night, agents=agents), tmp_path)
    assert (tmp_path / "index.html").stat().st_size <= MOST_TEAM_BYTES


def test_above_two_thousand_calls_the_rows_leave_the_page(tmp_path: Path, night: Night) -> None:
    many = replace(night, calls=night.calls[:1] * (INLINE_CALLS + 1))
    site = _Site(_environment(), many, tmp_path)
    (tmp_path / "assets").mkdir()
    _write_team(site)
    page = Elements((tmp_path / "index.html").read_text("utf-8"))
    data = (tmp_path / "assets" / "calls.js").read_text("utf-8")
    assert ("script", {"src": "assets/calls.js", "defer": None}) in page.tags
    assert not page.scripts
    assert len(json.loads(data.removeprefix("window.qaCalls=").rstrip(";\n"))["rows"]) == INLINE_CALLS + 1


def test_up_to_two_thousand_calls_work_as_links_without_a_script(pages: dict[Path, Elements]) -> None:
    index = next(page for path, page in pages.items() if path.name == "index.html")
    assert ("a", {"href": f"calls/{page_name('C-1006')}.html"}) in index.tags
