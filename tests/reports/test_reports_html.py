"""What stands on the pages: everything the night holds, and nothing of another agent on an agent's page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from reports_call import CRITERIA, scored
from reports_night import night_of

from qa.model.conversation import Role
from qa.model.night import Night
from qa.model.scorecard import Tally
from qa.reports.html import HtmlReport
from qa.reports.html_agent import strengths
from qa.reports.html_call import media_address, transcript_lines
from qa.reports.names import page_name


@pytest.fixture
def folder(night: Night, tmp_path: Path) -> Path:
    """The sample night as pages."""
    out = tmp_path / "out"
    out.mkdir()
    HtmlReport().write(night, out)
    return out


def call_text(folder: Path, call_id: str) -> str:
    return (folder / "calls" / f"{page_name(call_id)}.html").read_text("utf-8")


def test_every_call_and_every_agent_has_a_page_and_the_night_has_two_more(night: Night, folder: Path) -> None:
    assert {p.stem for p in (folder / "calls").iterdir()} == {page_name(c.scorecard.call.call_id) for c in night.calls}
    assert {p.stem for p in (folder / "agents").iterdir()} == {page_name(a.id) for a in night.agents}
    assert (folder / "index.html").is_file()
    assert (folder / "coaching.html").is_file()


def test_every_file_that_a_page_names_lies_in_assets(folder: Path) -> None:
    text = "".join(p.read_text("utf-8") for p in folder.rglob("*.html"))
    for asset in (folder / "assets").iterdir():
        assert f"assets/{asset.name}" in text
    for kind in ("base.css", "call.css", "team.css", "theme.js", "table.js", "player.js"):
        assert (folder / "assets" / kind).is_file()


def test_a_card_shows_every_criterion_with_verdict_reason_and_evidence(folder: Path) -> None:
    page = call_text(folder, "C-1002")
    for _, title, _, _ in CRITERIA:
        assert title.replace("'", "&#39;") in page
    for word in ("Met", "Partly met", "Missed", "Unsure", "1 of 2 parts", "Rozumiem, trzy dni bez internetu"):
        assert word in page
    assert "Confidence 41%" in page


def test_a_missed_criterion_shows_the_span_that_was_searched(folder: Path) -> None:
    page = call_text(folder, "C-1001")
    assert 'Searched from <span class="num">0:00</span> to <span class="num">0:45</span> (45 s)' in page


def test_unsure_and_not_applicable_say_why_and_are_not_scored(folder: Path) -> None:
    page = call_text(folder, "C-1006")
    assert "The words are too faint to tell" in page
    assert "a person decides" in page
    assert "Asked on outbound calls only" in page
    assert "No score: nothing could be judged" in page


def test_an_auto_failed_call_shows_zero_and_the_points_it_had(folder: Path) -> None:
    page = call_text(folder, "C-1004")
    assert "Auto-fail" in page
    assert '<p class="score-figure">0%</p>' in page
    assert "5 of 9 points without it" in page


def test_promises_figures_and_provenance_are_on_the_card(night: Night, folder: Path) -> None:
    page = call_text(folder, "C-1001")
    for word in ("Zadzwonię jutro do dwunastej", "Open", "3 Mar 2026, 12:00 UTC", "jutro do dwunastej"):
        assert word in page
    for word in ("whisper large-v3-turbo 20250625", "two-channel", "1 × card number", "9 dB quieter", "148"):
        assert word in page
    assert night.calls[0].scorecard.rubric.sha256 in page


def test_a_call_that_came_as_a_transcript_has_no_player_and_says_so(folder: Path) -> None:
    assert "<audio" not in call_text(folder, "C-1006")
    assert "the call came as a transcript" in call_text(folder, "C-1006")
    assert "<audio" in call_text(folder, "C-1001")


def test_the_team_page_shows_agents_failures_doubts_coverage_and_rubric(night: Night, folder: Path) -> None:
    page = (folder / "index.html").read_text("utf-8")
    for agent in ("Anna Kowalska", "Ján Novák", "Unknown agent"):
        assert agent in page
    for part in (night.failures[0].where, night.failures[0].wrong, night.failures[0].expected, night.failures[0].do):
        assert part in page
    for word in ("The words are too faint to tell", "Facial expression", night.run.rubric_sha256, night.run.run_id):
        assert word in page


def test_the_headline_is_the_tally_and_not_a_mean_of_percentages(tmp_path: Path) -> None:
    few, many = scored(1, "a", None, "mnnnn", tmp_path), scored(2, "b", None, "xmmmm", tmp_path)
    HtmlReport().write(night_of((few, many)), tmp_path)
    page = (tmp_path / "index.html").read_text("utf-8")
    assert '<strong class="num">83.3%</strong><span>of the points, 10 of 12</span>' in page
    assert "90%" not in page


def test_the_draft_banner_stands_on_a_draft_night_only(night: Night, folder: Path, tmp_path: Path) -> None:
    HtmlReport().write(replace(night, run=replace(night.run, draft=False)), tmp_path)
    for name in ("index.html", "coaching.html"):
        assert "<strong>DRAFT</strong>" in (folder / name).read_text("utf-8")
        assert "<strong>DRAFT</strong>" not in (tmp_path / name).read_text("utf-8")


def test_an_agents_page_names_no_other_agent(folder: Path) -> None:
    page = (folder / "agents" / f"{page_name('4711')}.html").read_text("utf-8")
    assert "Anna Kowalska" in page
    for other in ("Ján Novák", "4712", "C-1004", "unknown"):
        assert other not in page


def test_an_agents_page_says_what_to_work_on_and_links_to_a_moment(folder: Path) -> None:
    page = (folder / "agents" / f"{page_name('4711')}.html").read_text("utf-8")
    assert "4 points were lost here" in page
    assert f"../calls/{page_name('C-1001')}.html#t=0&amp;c=empathy" in page
    assert "Empathy was missed in 2 of 3 calls" in page
    assert "Zadzwonię jutro do dwunastej" in page


def test_strengths_lost_no_point_or_are_the_best_that_is_not_the_worst(night: Night) -> None:
    anna = night.agents[0]
    assert [s.id for s in strengths(anna)] == ["greeting", "verification", "closing"]
    dented = tuple(replace(c, tally=Tally(c.tally.earned, c.tally.possible + 1)) for c in anna.criteria)
    assert [s.id for s in strengths(replace(anna, criteria=dented))] == ["verification"]


def test_the_coaching_page_groups_picks_by_agent_with_reason_and_second(folder: Path) -> None:
    page = (folder / "coaching.html").read_text("utf-8")
    assert page.index("Anna Kowalska") < page.index("Empathy was missed in 2 of 3 calls") < page.index("Ján Novák")
    assert f"calls/{page_name('C-1001')}.html#t=13.2&amp;c=empathy" in page


def test_a_night_without_calls_still_tells_what_failed(tmp_path: Path, night: Night) -> None:
    HtmlReport().write(night_of((), night.failures), tmp_path)
    page = (tmp_path / "index.html").read_text("utf-8")
    assert "No call was scored" in page
    assert night.failures[0].do in page


def test_a_call_without_words_or_length_still_has_a_page(tmp_path: Path) -> None:
    call = scored(1, "4711", None, "uuuuu", tmp_path)
    silent = replace(call, conversation=replace(call.conversation, turns=(), speech=(), events=(), duration=0.0))
    HtmlReport().write(night_of((replace(silent, scorecard=replace(call.scorecard, duration=0.0)),)), tmp_path)
    assert "No words were heard" in call_text(tmp_path, "C-1001")


def test_the_recording_is_linked_from_the_page_and_percent_encoded(tmp_path: Path) -> None:
    page = tmp_path / "reports" / "2026-03-02" / "calls" / "c.html"
    assert media_address(tmp_path / "rec" / "ż #1?.wav", page) == "../../../rec/%C5%BC%20%231%3F.wav"
    assert media_address(page.parent / "javascript:x.wav", page) == "javascript%3Ax.wav"


def test_transcript_lines_come_in_order_of_time_and_name_each_new_speaker(night: Night) -> None:
    turns = night.calls[0].conversation.turns
    lines = transcript_lines(tuple(reversed(turns)))
    assert [line.start for line in lines] == sorted(line.start for line in lines)
    assert [line.first for line in lines[4:6]] == [True, False]
    assert lines[0].role is Role.AGENT
    assert all(len(line.times) == len(line.text.split(" ")) + 1 for line in lines)
