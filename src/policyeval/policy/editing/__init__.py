"""Changing files by program: only what is meant changes, and the result is read again before it counts.

`splicing` puts texts in the place of stretches of a file; `values` sets, adds and removes what stands
at an address; `layout` writes a whole file in the one canonical way. Each compares what the new text
says with what it is meant to say, and gives nothing if the two differ.
"""
