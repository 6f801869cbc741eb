"""The store: what was heard, scored and refused, in one database behind one door (`qa.store.store.Store`)."""
