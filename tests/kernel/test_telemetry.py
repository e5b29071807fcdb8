"""What telemetry costs those who do not ask for it, and how it is asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from roadcase.dispatch import Dispatcher
from roadcase.errors import Invalid
from roadcase.running import _dispatcher
from roadcase.settings import read

STARTED = """
import sys
import roadcase.run
import services.devices.service, services.ticketing.service
ours = ("opentelemetry.sdk", "opentelemetry.exporter", "roadcase.tracing", "roadcase.otlp")
print([name for name in sys.modules if name.startswith(ours)])
"""


def test_without_a_collector_nothing_that_traces_or_sends_is_loaded():
    command = [sys.executable, "-c", STARTED]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


RARELY_USED = """
import sys
import roadcase.run
import services.devices.service, services.ticketing.service
late = {"reportlab", "icalendar", "PIL", "escpos", "rich", "pydantic.v1.main"}
print(sorted(late & set(sys.modules)))
"""


def test_a_start_loads_nothing_that_only_paper_calendars_or_commands_of_the_shell_need():
    command = [sys.executable, "-c", RARELY_USED]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_without_a_collector_commands_pass_the_plain_dispatcher():
    assert _dispatcher(None) is Dispatcher


def test_the_standard_variable_names_the_collector_and_ours_wins():
    standard = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://a:4317"}
    assert read({}).otlp_endpoint is None
    assert read(standard).otlp_endpoint == "http://a:4317"
    ours = {"ROADCASE_OTLP_ENDPOINT": "http://b:4317"}
    assert read(standard | ours).otlp_endpoint == "http://b:4317"


def test_a_protocol_that_we_do_not_speak_is_refused_at_the_start():
    with pytest.raises(Invalid, match="OTLP_PROTOCOL"):
        read({"OTEL_EXPORTER_OTLP_PROTOCOL": "http/json"})
