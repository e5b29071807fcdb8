"""The gRPC door: servicers whose methods get `(request, call)` and declare who may call them."""

from roadcase.doors import ANY_TOKEN, OPEN
from roadcase.rpc.batch import Batch
from roadcase.rpc.call import Call, Servicer, rpc
from roadcase.rpc.enums import check_enums
from roadcase.rpc.errors import CODES
from roadcase.rpc.server import RpcServer

__all__ = [
    "ANY_TOKEN",
    "CODES",
    "OPEN",
    "Batch",
    "Call",
    "RpcServer",
    "Servicer",
    "check_enums",
    "rpc",
]
