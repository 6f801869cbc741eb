"""Voice the sample calls again from their scripts: ``python audio_samples/voice.py``, or ``make samples``.

Needs the programs flite and espeak-ng; encodes with PyAV, so no ffmpeg binary.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from voicing.encode import encode
from voicing.lists import write_manifest, write_transcript, write_utterances, write_verdicts
from voicing.mix import mix, perform, utterances
from voicing.script import load_scripts
from voicing.speak import require_synthesisers

from qa.errors import QaError

HERE = Path(__file__).resolve().parent
WRONG_USAGE = 2
"""Exit status, as everywhere in this house."""


def voice(scripts_folder: Path, out: Path) -> None:
    """Make every recording, transcript and list of ``scripts_folder`` in ``out``."""
    scripts = tuple(load_scripts(scripts_folder))
    require_synthesisers(v for script in scripts for v in script.voices.values())
    said = []
    for script in scripts:
        placed = perform(script)
        encode(mix(script, placed), script.recorded, out / script.file_name)
        said.append((script, tuple(utterances(placed))))
        write_transcript(*said[-1], out)
        print(script.file_name)
    write_manifest(scripts, out / "manifest.csv")
    write_verdicts(scripts, out / "verdicts.csv")
    write_utterances(said, out / "utterances.csv")


def main() -> int:
    """Run from the command line; problems go to stderr in four parts."""
    parser = argparse.ArgumentParser(description="Voice the sample calls again from their scripts.")
    parser.add_argument("--scripts", type=Path, default=HERE / "scripts", help="folder to read (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write (default: %(default)s)")
    options = parser.parse_args()
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        voice(options.scripts, options.out)
    except QaError as error:
        print(error, file=sys.stderr)
        return WRONG_USAGE
    return 0


if __name__ == "__main__":
    sys.exit(main())
