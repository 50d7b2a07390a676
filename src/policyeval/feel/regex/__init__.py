r"""Regular expressions as XPath has them, for `matches`, `replace` and `split` (DMN 1.5, table 74).

A pattern is read by a parser of its own and searched for by RE2, in linear time. What RE2 cannot do
is left to a small backtracking matcher that gives up after so many steps: back-references, and
repetitions that are counted above 1,000 or come to more instructions than RE2 takes. With
`fallback=False` such a pattern is refused.

Where XPath leaves a choice or FEEL's functions differ from XPath's, this is what happens here:

- `replace` and `split` refuse a pattern that matches the empty text, as XPath does (FORX0003).
- `split` of an empty text gives that text, where XPath's `tokenize` gives nothing: FEEL breaks a text
  at each match, and here is none.
- A flag may be given twice. Flag `q` makes a plain text of the pattern, and of the replacement too.
- Null for the flags means no flags.
"""

from policyeval.feel.regex.pattern import Pattern, check_pattern, compile_pattern
from policyeval.feel.regex.searching import matches, replace, split

__all__ = ["Pattern", "check_pattern", "compile_pattern", "matches", "replace", "split"]
