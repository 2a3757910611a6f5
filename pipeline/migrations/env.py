"""What Alembic runs: the migrations on the connection it is given, inside the transaction that is open on it."""

from alembic import context

from pipeline.adapters.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
