"""Word files and workbooks, whoever's they are: their parts, their templates, the programs that print them."""
