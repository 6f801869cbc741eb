"""From words and speakers to a dialogue understood: turns, roles, speech acts, promises, holds."""
