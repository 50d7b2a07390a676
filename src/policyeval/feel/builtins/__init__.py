"""The built-in functions of DMN 1.5 (10.3.4), by kind, and the table of all of them."""
