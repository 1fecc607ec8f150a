"""Alembic's entry: migrates over the connection `upgrade_ledger` hands it."""

from alembic import context

from dondoc.ledger.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
