"""What can be said of the chapters without running a cell: each rule is a function, `rules.RULES` lists them."""
