"""Card data said in a call stands nowhere afterwards: not in the store, not in any file of the report."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

from qa.store.store import Store

NUMBER, CODE = ("5500", "0055", "5555", "5559"), "737"


def segment(speaker: str, start: float, text: str) -> dict[str, object]:
    return {"start": start, "end": start + 4, "speaker": speaker, "text": text}


def bytes_of(path: Path) -> bytes:
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as archive:
            return b"".join(archive.read(name) for name in archive.namelist())
    return path.read_bytes()


def test_no_byte_of_a_card_number_is_left(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    calls.mkdir()
    spoken = [
        segment("agent", 0, "Good morning, Harbour Bank, Ellen speaking, how can I help you?"),
        segment("customer", 5, "I am really worried, I lost my card, the number is " + " ".join(NUMBER)),
        segment("agent", 12, "I am so sorry to hear that. And the security code?"),
        segment("customer", 17, f"It is {CODE}, I will call you back tomorrow."),
        segment("agent", 22, "I will call you back tomorrow before noon. Thank you for calling, goodbye."),
    ]
    (calls / "a.transcript.json").write_text(json.dumps({"language": "en", "segments": spoken}), encoding="utf-8")
    command = [sys.executable, "-m", "qa", "run", str(calls), "--store", str(tmp_path / "qa.sqlite"), "--out"]
    done = subprocess.run([*command, str(tmp_path / "out")], check=True, capture_output=True)
    written = [path for path in tmp_path.rglob("*") if path.is_file() and calls not in path.parents]
    assert any(path.name == "report.xlsx" for path in written)
    for path in written:
        content = bytes_of(path)
        for group in NUMBER[1:]:
            assert group.encode() not in content or path.suffix == ".sqlite", f"{path.name} holds {group}"
        assert " ".join(NUMBER).encode() not in content, path.name
        assert f"is {CODE}".encode() not in content, path.name
    assert " ".join(NUMBER).encode() not in done.stdout + done.stderr
    with Store.open(str(tmp_path / "qa.sqlite")) as store:
        texts = [turn.text for turn in store.conversation_of("a").turns]  # type: ignore[union-attr]
    assert not [text for text in texts if CODE in text or any(group in text for group in NUMBER)]


def test_the_card_says_how_much_was_taken_out(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    calls.mkdir()
    spoken = [segment("customer", 0, "the number is " + " ".join(NUMBER)), segment("agent", 5, "thank you goodbye")]
    (calls / "a.transcript.json").write_text(json.dumps({"language": "en", "segments": spoken}), encoding="utf-8")
    command = [sys.executable, "-m", "qa", "run", str(calls), "--store", str(tmp_path / "qa.sqlite"), "--out"]
    subprocess.run([*command, str(tmp_path / "out")], check=True, capture_output=True)
    card = json.loads((tmp_path / "out" / "scorecards.jsonl").read_text(encoding="utf-8"))
    assert card["provenance"]["redactions"]["card_number"] > 0
