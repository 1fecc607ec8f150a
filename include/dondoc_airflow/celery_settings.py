"""Celery's settings as Airflow has them, with our steps loaded by a worker before it forks: see `preloading`."""

from airflow.providers.celery.executors.default_celery import DEFAULT_CELERY_CONFIG

from dondoc_airflow.preloading import RUN_BY_TASKS

CONFIG = DEFAULT_CELERY_CONFIG | {"imports": RUN_BY_TASKS}
