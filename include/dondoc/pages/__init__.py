"""Pages where a leader reads the letters put up for signature; `plugins/` mounts them behind Airflow's own login."""
