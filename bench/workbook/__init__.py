"""100,000 detail rows of the report's workbook."""
