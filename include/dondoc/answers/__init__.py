"""The units' answers: the workbook that goes out, what comes back in it, and what is made of that."""
