"""A night of calls as files: pages, workbook, CSV, JSON lines. Computes nothing, hides nothing."""
