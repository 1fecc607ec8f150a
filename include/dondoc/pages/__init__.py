"""The pages where people see and do their work in the browser; `plugins/` mounts them behind Airflow's own login."""
