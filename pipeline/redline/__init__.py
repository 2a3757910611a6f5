"""Word files with tracked changes: read, compared, merged and written. Knows nothing of mail; usable alone on files."""
