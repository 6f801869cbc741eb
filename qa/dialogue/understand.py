"""A conversation understood: acts, promises and the language's listening sounds, in one value."""

from __future__ import annotations

from qa.dialogue.acts import ActRecogniser
from qa.dialogue.classifier import act_classifier
from qa.dialogue.promises import find_promises
from qa.languages import Language, language
from qa.model.conversation import Conversation
from qa.model.dialogue import CallContext, Dialogue, LanguageSupport
from qa.model.recording import CallMetadata
from qa.model.rubric import CompanyFacts
from qa.text.tokens import normal_form


def context_of(call: CallMetadata) -> CallContext:
    """What criteria may know of the call: nothing that tells who the agent is."""
    return CallContext(call.direction, call.started_at, call.queue, call.disconnected_by)


def listening_sounds(data: Language | None) -> frozenset[str]:
    """The language's backchannels in normal form; none where the language has no data."""
    if data is None:
        return frozenset()
    return frozenset(" ".join(normal_form(word) for word in sound.split()) for sound in data.backchannels)


class Listener:
    """Understands conversations of every language, for one company's facts.

    The recogniser of a language is built when its first call comes and kept for the run.
    """

    def __init__(self, company: CompanyFacts) -> None:
        self._company = company
        self._recognisers: dict[str, ActRecogniser] = {}

    def recogniser(self, code: str) -> ActRecogniser | None:
        """The recogniser of a language, or None where the house has no data for it."""
        data = language(code)
        if data is None:
            return None
        if data.code not in self._recognisers:
            self._recognisers[data.code] = ActRecogniser(data, self._company, act_classifier(data.code))
        return self._recognisers[data.code]

    def understand(self, conversation: Conversation, context: CallContext) -> Dialogue:
        """The speech acts and promises of a conversation; none in a language without data."""
        recogniser = self.recogniser(conversation.language)
        acts = recogniser.recognise(conversation.turns) if recogniser else ()
        return Dialogue(
            conversation=conversation,
            context=context,
            acts=acts,
            promises=find_promises(conversation, acts),
            support=LanguageSupport.FULL if recogniser else LanguageSupport.NONE,
            backchannels=listening_sounds(language(conversation.language)),
        )
