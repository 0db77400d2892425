"""999, implementation acknowledgment: 005010X231A1."""

from __future__ import annotations

TABLE = """
guide 999 005010X231A1 FA | Implementation acknowledgment
ST  R 1 | 1R=999 2R 3R | Transaction set header
AK1 R 1 | 1R 2R 3S | Group answered
loop 2000 - S >1 unit | Transaction answered
AK2 R 1 | 1R 2R 3S | Transaction answered
loop 2100 2000 S >1 | Segment in error
IK3 R 1 | 1R 2R 3S 4R=1,2,3,4,5,6,7,8,I4,I6,I7,I8,I9 | Segment in error
CTX S 10 | 1R 2S 3S 4S 5S 6S | Context
loop 2110 2100 S >1 | Element in error
IK4 R 1 | 1R(1R 2S 3S) 2S 3R=1,2,3,4,5,6,7,8,9,10,12,13,I6,I9,I10,I11,I12,I13 4S | Element in error
CTX S 10 | 1R 2S 3S 4S 5S 6S | Context
in 2000
IK5 R 1 | 1R=A,E,M,R,W,X 2-6S | Answer
in -
AK9 R 1 | 1R=A,E,M,P,R,W,X 2R 3R 4R 5-9S | Answer to the group
SE  R 1 | 1R 2R | Transaction set trailer
"""
