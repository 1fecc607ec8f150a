"""What Airflow adds around the steps of the office's own day."""
