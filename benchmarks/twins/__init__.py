"""The terms of programmes once more, written by hand: what compiled policies are measured against.

`referral`, `ibas` and `kaspersky` take a dict of Python values and give a dict of answers; the modules
whose names end in `_json` take and give JSON, with msgspec. Each is written as one
writes such code for a service: dates are computed where they are needed, each rule is an `if`, its
name is kept when it says no. Nothing is remembered from one transaction to the next, but in
`referral_remembering`, which shows what that would bring.
"""
