"""One call heard: from a file to a redacted conversation. Runs in a worker; touches no store."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qa.audio.activity import detect_activity
from qa.audio.load import loaded
from qa.batch.ears import Ears
from qa.batch.refusals import require_same_call, require_speech, require_words
from qa.dialogue.attribute import attribute
from qa.dialogue.roles import RoleAssignment, RoleHints, assign_roles
from qa.dialogue.turns import SpokenWords, to_turns
from qa.dialogue.understand import Listener, listening_sounds
from qa.engines.recorded import RecordedTranscript, read_transcript
from qa.languages import language
from qa.model.conversation import Conversation, Hearing, Role, RoleSpeech
from qa.model.recording import Medium, Recording
from qa.model.sound import Activity, Audio, ChannelLayout, Diarisation, SoundEvent
from qa.model.span import Span, intersect, merge, total
from qa.model.transcript import EngineDescription, Transcript
from qa.text.redact import Line, redact

LABELS_OF_TRANSCRIPT = EngineDescription("recorded", "", "")
"""Stands in provenance for a diariser where the transcript itself says who speaks."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """Everything known of a call before roles: words, who spoke when, and what else sounded."""

    transcripts: tuple[Transcript, ...]
    diarisation: Diarisation
    diariser: EngineDescription
    layout: ChannelLayout
    events: tuple[SoundEvent, ...]
    duration: float
    notes: tuple[str, ...]
    text_cleaned: int = 0


def hear(recording: Recording, ears: Ears) -> Conversation:
    """The conversation on a recording. Raises `CallError` where it cannot be heard."""
    if recording.medium is Medium.TRANSCRIPT:
        return _conversation(recording, _from_transcript(recording), ears)
    if not ears.reads_transcript(recording):
        ears.require_words(recording)
    with loaded(recording) as audio:
        activity = detect_activity(audio)
        require_speech(recording, audio, activity)
        heard = _from_audio(recording, audio, activity, ears)
    return _conversation(recording, heard, ears)


def _read(recording: Recording) -> RecordedTranscript:
    return read_transcript(recording.transcript or recording.path)


def _from_transcript(recording: Recording) -> _Heard:
    read = _read(recording)
    duration = max((segment.span.end for segment in read.transcript.segments), default=0.0)
    return _Heard(
        transcripts=(read.transcript,),
        diarisation=Diarisation((), 1.0),
        diariser=LABELS_OF_TRANSCRIPT,
        layout=ChannelLayout.TRANSCRIPT,
        events=(),
        duration=duration,
        notes=(),
        text_cleaned=read.text_cleaned,
    )


def _from_audio(recording: Recording, audio: Audio, activity: Activity, ears: Ears) -> _Heard:
    apart = activity.layout is ChannelLayout.TWO_CHANNEL
    cleaned = 0
    transcripts: tuple[Transcript, ...]
    if ears.reads_transcript(recording):
        read = _read(recording)
        require_same_call(recording, read.transcript, audio.duration)
        transcripts, cleaned = (read.transcript,), read.text_cleaned
    else:
        transcripts = _recognise(recording, audio, activity, ears)
    diariser = ears.channels if apart else ears.mono
    diarisation = diariser.diarise(audio, activity)
    return _Heard(
        transcripts=transcripts,
        diarisation=diarisation,
        diariser=diariser.description,
        layout=activity.layout,
        events=activity.events,
        duration=audio.duration,
        notes=audio.notes + activity.notes + diarisation.notes,
        text_cleaned=cleaned,
    )


def _recognise(recording: Recording, audio: Audio, activity: Activity, ears: Ears) -> tuple[Transcript, ...]:
    """One transcript a channel that speaks; the most talkative channel decides the language for all."""
    transcriber = ears.require_words(recording)
    spoken = recording.metadata.language or ears.language
    talkative = sorted((i for i, s in enumerate(activity.speech) if s), key=lambda i: -total(activity.speech[i]))
    found: list[Transcript] = []
    for channel in talkative:
        transcript = transcriber.transcribe(audio.channel(channel), activity.speech[channel], spoken)
        spoken = spoken or (transcript.language if transcript.segments else None)
        found.append(_on_channel(transcript, channel) if activity.layout is ChannelLayout.TWO_CHANNEL else transcript)
    return tuple(found)


def _on_channel(transcript: Transcript, channel: int) -> Transcript:
    return replace(transcript, segments=tuple(replace(s, channel=channel) for s in transcript.segments))


def _conversation(recording: Recording, heard: _Heard, ears: Ears) -> Conversation:
    spoken = _with_text(attribute(heard.transcripts, heard.diarisation))
    require_words(recording, spoken)
    code = heard.transcripts[0].language
    redacted = redact([Line(s.speaker, s.utterance.words) for s in spoken], language(code))
    spoken = tuple(_rewritten(s, line) for s, line in zip(spoken, redacted.lines, strict=True))
    assignment = _roles(recording, heard, spoken, ears.listener, code)
    return Conversation(
        recording_sha256=recording.sha256,
        duration=heard.duration,
        language=code,
        turns=to_turns(spoken, assignment.roles, listening_sounds(language(code))),
        speech=_speech(heard, spoken, assignment),
        events=heard.events,
        hearing=_hearing(heard, assignment, redacted.counts),
    )


def _rewritten(spoken: SpokenWords, line: Line) -> SpokenWords:
    return replace(spoken, utterance=replace(spoken.utterance, words=line.words))


def _with_text(spoken: tuple[SpokenWords, ...]) -> tuple[SpokenWords, ...]:
    return tuple(sorted((s for s in spoken if s.utterance.words), key=lambda s: (s.utterance.span, s.speaker)))


def _roles(
    recording: Recording, heard: _Heard, spoken: tuple[SpokenWords, ...], listener: Listener, code: str
) -> RoleAssignment:
    call = recording.metadata
    apart = heard.layout is ChannelLayout.TWO_CHANNEL
    hints = RoleHints(call.direction, call.agent_channel if apart else None)
    silent = tuple(label for label in heard.diarisation.speakers if label not in {s.speaker for s in spoken})
    named = any(s.speaker.casefold() in tuple(Role) for s in spoken)
    return assign_roles(spoken, () if named else silent, hints, listener.recogniser(code))


def _speech(heard: _Heard, spoken: tuple[SpokenWords, ...], assignment: RoleAssignment) -> tuple[RoleSpeech, ...]:
    """Who can be heard when: by voice where speakers were told apart, else by the times of their words."""
    by_label = _voices(heard, spoken, assignment)
    if not by_label:
        by_label = [(assignment.roles[s.speaker], s.utterance.span) for s in spoken]
    spans = {role: merge(span for found, span in by_label if found is role) for role in Role}
    found = [RoleSpeech(role, span) for role, some in spans.items() for span in some]
    return tuple(sorted(found, key=lambda s: (s.span, s.role)))


def _voices(heard: _Heard, spoken: tuple[SpokenWords, ...], assignment: RoleAssignment) -> list[tuple[Role, Span]]:
    labels = {s.speaker for s in heard.diarisation.spans}
    roles = {label: role for label, role in assignment.roles.items() if label in labels}
    if len(roles) < len(labels):
        roles = _roles_by_time(heard, spoken, assignment)
    return [(roles[s.speaker], s.span) for s in heard.diarisation.spans if s.speaker in roles]


def _roles_by_time(heard: _Heard, spoken: tuple[SpokenWords, ...], assignment: RoleAssignment) -> dict[str, Role]:
    """The role of each voice, where the words came with labels of their own: whose words lie on that voice."""
    said = {role: [s.utterance.span for s in spoken if assignment.roles[s.speaker] is role] for role in Role}
    roles: dict[str, Role] = {}
    for label in heard.diarisation.speakers:
        voice = [s.span for s in heard.diarisation.spans if s.speaker == label]
        roles[label] = max(Role, key=lambda role: total(intersect(voice, said[role])))
    return roles


def _hearing(heard: _Heard, assignment: RoleAssignment, redactions: tuple[tuple[str, int], ...]) -> Hearing:
    confidences = [w.confidence for t in heard.transcripts for w in t.words if w.confidence is not None]
    labelled = assignment.source == "transcript"
    notes = heard.notes + tuple(dict.fromkeys(note for t in heard.transcripts for note in t.notes))
    return Hearing(
        transcriber=heard.transcripts[0].engine,
        diariser=heard.diariser,
        layout=heard.layout,
        timing=heard.transcripts[0].timing,
        role_confidence=assignment.confidence,
        role_source=assignment.source,
        speaker_confidence=1.0 if labelled else heard.diarisation.confidence,
        word_confidence=sum(confidences) / len(confidences) if confidences else None,
        notes=notes,
        text_cleaned=heard.text_cleaned,
        redactions=redactions,
    )
