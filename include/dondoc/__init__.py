"""Đôn Đốc: keeps a public office's promises. Plain Python; imports no Airflow."""
