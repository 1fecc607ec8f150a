"""The watchdog: reads the ledger and tells the operator what is late, silent or in doubt, Airflow up or down."""
