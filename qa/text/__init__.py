"""Text at the door and on the way: cleaning, normal form, tokens, phrase patterns, redaction."""
