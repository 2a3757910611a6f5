"""The migrations: the file name begins with the four digits that name the schema version."""
