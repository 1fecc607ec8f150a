"""1,000,000 cases, each judged late or not, with its working days."""
