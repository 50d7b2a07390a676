"""Many transactions, one to a line: decided in order, in bounded memory, whatever is wrong with some.

    for each in decide_lines(policies, "ibas-ontrack-partner", file, asked_on=date(2024, 7, 1)):
        match each:
            case Decided(line, id_, record): …
            case Rejected(line, id_, problems): …

`deciding` is what an application needs. The rest is what `policyeval decide --input` is made of:
`reading` cuts bytes into lines, `working` has them decided here or by other processes, `writing`
keeps the results in files from which an interrupted run can go on (`resuming`).
"""

from policyeval.streams.deciding import decide_lines
from policyeval.streams.model import LINE_BYTES, Decided, Problem, Rejected

__all__ = ["LINE_BYTES", "Decided", "Problem", "Rejected", "decide_lines"]
