"""The report: a day's figures in Word and Excel."""
