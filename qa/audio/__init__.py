"""Recordings found and loaded, and what can be measured in them before anybody knows who speaks."""
