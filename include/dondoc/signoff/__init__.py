"""Letters put up to the leader, and the answer taken down: in Airflow, or on paper."""
