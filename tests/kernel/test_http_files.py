"""What a browser has already is not sent again, however proxies wrote down its tag."""

from __future__ import annotations

import pytest
from fastapi import Request

from roadcase.http.files import answer, file

FILE = file("Grüße".encode(), "text/plain; charset=utf-8")


def asked(*, knows: str = "") -> Request:
    headers = [(b"if-none-match", knows.encode())] if knows else []
    return Request({"type": "http", "method": "GET", "headers": headers})


@pytest.mark.parametrize("knows", [FILE.tag, f"W/{FILE.tag}", f'"other", {FILE.tag}', "*"])
def test_what_is_known_is_not_sent_again(knows):
    found = answer(asked(knows=knows), FILE)
    assert (found.status_code, found.body) == (304, b"")
    assert found.headers["etag"] == FILE.tag
    assert found.headers["content-type"] == FILE.kind


@pytest.mark.parametrize("knows", ["", '"other"', FILE.tag.strip('"')])
def test_what_is_not_known_is_sent_whole(knows):
    found = answer(asked(knows=knows), FILE, {"x-more": "1"})
    assert (found.status_code, found.body) == (200, FILE.body)
    assert found.headers["cache-control"] == "no-cache"
    assert found.headers["x-more"] == "1"


def test_a_tag_is_of_the_content():
    assert file(FILE.body, "text/html").tag == FILE.tag
    assert file(FILE.body + b"!", FILE.kind).tag != FILE.tag
