"""Airflow's room: what the DAG files and plugins share. `dondoc` itself runs without Airflow."""
