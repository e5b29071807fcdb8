"""Reports in SQL: views that a tenant's own tools may read, and the logins that may read them."""

from roadcase.reports.making_way import make_way
from roadcase.reports.users import Made, ReportUserUnknown, add, listed, revoke
from roadcase.reports.views import Report, install

__all__ = [
    "Made",
    "Report",
    "ReportUserUnknown",
    "add",
    "install",
    "listed",
    "make_way",
    "revoke",
]
