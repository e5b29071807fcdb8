"""
ESC/POS as a printer reads it: bytes in, and the picture that they make on paper.

`draw` is the whole of it where there is no machine; the virtual printer carries the same orders out
on a machine with a motor, faults and answers.
"""

from roadcase.escpos.paper import TooLong, draw

__all__ = ["TooLong", "draw"]
