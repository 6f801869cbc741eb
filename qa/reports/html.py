"""Pages that open from disk: the team, every agent, every call, and the calls worth a conversation."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa.model.night import Night, ScoredCall
from qa.reports.html_agent import agent_page
from qa.reports.html_call import call_page, moment_link
from qa.reports.html_coaching import coaching_page
from qa.reports.html_table import INLINE_CALLS, CallTable
from qa.reports.html_team import filter_link, team_page
from qa.reports.html_words import (
    agent_word,
    clock,
    day,
    language_tag,
    length,
    number,
    percent,
    plain_word,
    role_word,
    seconds,
    share,
    verdict_word,
)
from qa.reports.names import page_name

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
ASSETS = Path(__file__).parent / "assets"

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; media-src 'self'; img-src data:; "
    "connect-src 'none'; base-uri 'none'; form-action 'none'"
)
"""In every page: no script but our own files, no request to anywhere."""

_FILTERS = {
    "agent": lambda group: agent_word(group.id, group.name),
    "clock": clock,
    "day": day,
    "lasting": length,
    "number": number,
    "page": page_name,
    "percent": percent,
    "plain": plain_word,
    "role": role_word,
    "seconds": seconds,
    "share": share,
    "tongue": language_tag,
    "verdict": verdict_word,
}


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(_FILTERS)
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    environment.globals.update(
        csp=CONTENT_SECURITY_POLICY, moment_link=moment_link, filter_link=filter_link, agent_word=agent_word
    )
    return environment


@dataclass(frozen=True, slots=True)
class _Site:
    """One folder being written: its night, and templates that share what every page says."""

    environment: Environment
    night: Night
    folder: Path

    def write(self, template: str, path: str, **values: object) -> None:
        """Render one page; ``path`` is relative to the folder and has at most one folder in it."""
        root = "../" * path.count("/")
        text = self.environment.get_template(template).render(night=self.night, root=root, **values)
        target = self.folder / path
        # A lone surrogate that slipped through the door costs one question mark, not the night's report.
        target.write_bytes(text.encode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class HtmlReport:
    """``index.html``, ``agents/``, ``calls/``, ``coaching.html`` and the ``assets/`` they share.

    Recordings are linked relative to ``folder``: it may be renamed beside where it was written, not moved deeper.
    """

    def write(self, night: Night, folder: Path) -> None:
        """Write every page below ``folder``, which exists. Same night in the same place, same bytes."""
        for name in ("agents", "calls", "assets"):
            (folder / name).mkdir(exist_ok=True)
        for asset in sorted(ASSETS.iterdir()):
            if asset.suffix in (".css", ".js"):
                shutil.copyfile(asset, folder / "assets" / asset.name)
        site = _Site(_environment(), night, folder)
        _write_team(site)
        _write_agents(site)
        _write_calls(site)
        site.write("coaching.html", "coaching.html", page=coaching_page(night))


def _write_team(site: _Site) -> None:
    page = team_page(site.night)
    inline = len(page.table.rows) <= INLINE_CALLS
    if not inline:
        _write_data_file(page.table, site.folder / "assets" / "calls.js")
    site.write("team.html", "index.html", page=page, inline=inline)


def _write_data_file(table: CallTable, path: Path) -> None:
    from jinja2.utils import htmlsafe_json_dumps

    rows = htmlsafe_json_dumps(table.data, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes(f"window.qaCalls={rows};\n".encode("utf-8", "replace"))


def _write_agents(site: _Site) -> None:
    known = {call.scorecard.call.call_id: call for call in site.night.calls}
    titles = {line.id: line.title for line in site.night.team.criteria}
    for agent in site.night.agents:
        page = agent_page(site.night, agent, known)
        site.write("agent.html", f"agents/{page_name(agent.id)}.html", page=page, titles=titles)


def _write_calls(site: _Site) -> None:
    for call in site.night.calls:
        _write_call(site, call)


def _write_call(site: _Site, call: ScoredCall) -> None:
    path = f"calls/{page_name(call.scorecard.call.call_id)}.html"
    site.write("call.html", path, page=call_page(site.night, call, site.folder / path))
