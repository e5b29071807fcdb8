"""What is wrong with a manifest is told all at once, each by its place, its path and its code."""

from __future__ import annotations

import re

import pytest

from services.planning.manifest import CODES, check
from services.planning.manifest.reading import read
from services.planning.plans.declared import declared
from tests.planning.bad import GOOD, WRITTEN, event
from tests.planning.bad_fields import FIELDS
from tests.planning.bad_hours import HOURS, night
from tests.planning.bad_schedules import SCHEDULES
from tests.planning.bad_series import DATES, STOPS
from tests.planning.bad_together import TOGETHER
from tests.planning.bad_triggers import TRIGGERS

BAD = {**WRITTEN, **FIELDS, **HOURS, **TOGETHER, **DATES, **STOPS, **TRIGGERS, **SCHEDULES}
BY_INHERITANCE = {*[*CODES][[*CODES].index("extends") :]}  # shown in test_inheritance
CROWD = event("kit:\n" + "  - {}\n" * 401)


def told(content: bytes) -> list[str]:
    found = check(content).problems
    return [
        f"{each.line}:{each.column} {each.path} {each.code}".replace("  ", " ") for each in found
    ]


def words(content: bytes) -> list[str]:
    return [each.shown("night.yaml") for each in check(content).problems]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_has_exactly_these_problems_at_these_places(name):
    content, expected = BAD[name]
    assert expected
    assert told(content) == expected


def test_there_are_more_than_sixty_bad_files_and_none_is_there_twice():
    parts = (WRITTEN, FIELDS, HOURS, TOGETHER, DATES, STOPS, TRIGGERS, SCHEDULES)
    assert len(BAD) == sum(map(len, parts)) > 60
    assert len({content for content, _ in BAD.values()}) == len(BAD)


def test_every_code_has_a_file_that_shows_it():
    shown = {problem.split()[-1] for _, expected in BAD.values() for problem in expected}
    shown |= {each.code for each in check(CROWD).problems} | BY_INHERITANCE
    assert shown == {*CODES}


def test_a_good_file_has_none():
    assert words(GOOD.encode()) == []


def test_problems_are_told_by_their_place_whatever_found_them():
    content = event("""\
    capcity: {}
    description: "\\0"
    split: {shares: [{key: a, party: A, share: 1}]}
    tax: {profile: 5}
    title: Twice
    """)
    assert told(content) == [
        "7:3 spec.capcity unknown_field",
        "8:16 spec.description control_character",
        "9:11 spec.split.shares split_not_whole",
        "10:18 spec.tax.profile wrong_type",
        "11:3 spec.title duplicate_field",
    ]


def test_of_very_many_problems_the_first_thousand_are_told_and_the_rest_is_counted():
    found = check(CROWD).problems
    assert len(found) == 1001
    assert found[-1].code == "too_many_problems"
    assert "203 more" in found[-1].message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            event("capcity: {total: 60}\n"),
            'night.yaml:7:3: spec.capcity: there is no such field here, did you mean "capacity"?',
        ),
        (
            event("capture: {profile: stil, consent: ask}\n"),
            (
                "night.yaml:7:22: spec.capture.profile: is one of none, stills, video, stream, "
                'not "stil", did you mean "stills"?'
            ),
        ),
        (
            GOOD.replace("Europe/Berlin", "Mars/Base").encode(),
            (
                'night.yaml:6:20: spec.schedule.zone: "Mars/Base" is not an IANA time zone, '
                'such as Europe/Berlin, did you mean "Asia/Baku"?'
            ),
        ),
        (
            GOOD.replace("Europe/Berlin", "new york").encode(),
            (
                'night.yaml:6:20: spec.schedule.zone: "new york" is not an IANA time zone, '
                'such as Europe/Berlin, did you mean "America/New_York"?'
            ),
        ),
        (
            GOOD.replace("2027-06-18", "2027-02-29").encode(),
            "night.yaml:6:41: spec.schedule.date: there is no 29 February in 2027",
        ),
        (
            night("start: 02:30\nend: 05:00\n", "2027-03-28"),
            (
                "night.yaml:9:12: spec.schedule.start: 02:30 on 28 March 2027 does not exist in "
                "Europe/Berlin: clocks go from 02:00 to 03:00"
            ),
        ),
        (
            night("start: 02:30\nend: 05:00\n", "2027-10-31"),
            (
                "night.yaml:9:12: spec.schedule.start: 02:30 on 31 October 2027 comes twice in "
                "Europe/Berlin: clocks go from 03:00 to 02:00. Say which with schedule.fold: "
                "first, or second"
            ),
        ),
        (
            event("stalls: [{key: a, fee: {fixed: 12.00}}]\n"),
            (
                "night.yaml:7:34: spec.stalls.0.fee.fixed: is an amount with its currency, "
                'such as "12.00 EUR"'
            ),
        ),
        (
            event("split: {shares: [{key: a, party: A, share: 9900}]}\n"),
            (
                "night.yaml:7:11: spec.split.shares: shares are 10000 basis points together, "
                "not 9900: 100 are missing"
            ),
        ),
        (
            event("split: {shares: [{key: a, party: A, share: 9999}]}\n"),
            (
                "night.yaml:7:11: spec.split.shares: shares are 10000 basis points together, "
                "not 9999: 1 is missing"
            ),
        ),
        (
            event("stalls: [{key: a, fee: {fixed: -1.00 EUR}}]\n"),
            (
                "night.yaml:7:34: spec.stalls.0.fee.fixed: "
                "is between 0.00 EUR and 10000000000.00 EUR, not -1.00 EUR"
            ),
        ),
        (
            event("stalls: [{key: a, fee: {fixed: 1.00 eur}}]\n"),
            (
                "night.yaml:7:34: spec.stalls.0.fee.fixed: '1.00 eur': 'eur' is not an active "
                "ISO 4217 currency, did you mean EUR?"
            ),
        ),
        (
            event("capacity: {total: 99999999}\n"),
            "night.yaml:7:21: spec.capacity.total: is at most 1000000, not 99999999",
        ),
        (
            event("staffing: [{key: a, role: true, count: 1}]\n"),
            "night.yaml:7:29: spec.staffing.0.role: is text: put it in quotes if true is meant",
        ),
    ],
)
def test_the_words_say_what_is_wrong_and_what_may_have_been_meant(content, said):
    assert words(content) == [said]


def test_a_time_that_comes_twice_is_fine_once_it_is_said_which():
    assert words(night("start: 02:30\nend: 05:00\nfold: second\n", "2027-10-31")) == []
    assert words(night("start: 02:30\nend: 05:00\nfold: first\n", "2027-10-31")) == []


def test_an_end_in_the_morning_is_that_of_the_next_day():
    assert words(night("start: 22:00\nend: 04:00\ncurfew: 04:00\nloadOut: 05:00\n")) == []
    assert words(night("start: 22:00\nend: 2027-06-19T22:00\n")) == []


def test_hours_are_compared_as_clocks_run_on_the_night_when_they_change():
    """02:30 comes twice: a programme of 5 hours from 22:00 is over at 02:00 then, not at 03:00."""
    works = "programme: {works: [{key: a, title: A, minutes: 300}]}\n"
    assert (
        words(
            night("start: 22:00\nend: 2027-10-31T02:00\nfold: second\n", "2027-10-30", more=works)
        )
        == []
    )
    late = night("start: 22:00\nend: 2027-10-31T02:00\nfold: first\n", "2027-10-30", more=works)
    assert told(late) == ["10:10 spec.schedule.end programme_too_long"]


def test_nothing_that_is_written_gets_at_the_terminal():
    content = event('"\\u001b[2Jx": 1\n"\u200bx": 1\n"a\\nb": 1\n')
    assert all(line.isprintable() for line in words(content))
    assert len(words(content)) == 4  # the first name has a hidden character, too


def test_plain_text_is_what_yaml_1_2_says_it_is():
    tree, problems = read(
        b"a: 20:30\nb: NO\nc: 010\nd: 2027-06-18\ne: 0x1f\nf: 1e3\ng: off\nh: ~\n"
    )
    assert tree is not None
    assert [each.path for each in problems] == ["h"]
    assert tree.data == {
        "a": "20:30",
        "b": "NO",
        "c": 10,
        "d": "2027-06-18",
        "e": 31,
        "f": 1000.0,
        "g": "off",
        "h": None,
    }


def test_lines_that_end_in_cr_lf_count_as_one():
    content = event("description: |\n  a\n  b\ntax: {profile: 5}\n").replace(b"\n", b"\r\n")
    assert told(content) == ["10:18 spec.tax.profile wrong_type"]


def test_columns_count_characters_and_not_bytes():
    assert told(event("description: ä\ntax: {x: ä, profile: 5}\n")) == [
        "8:9 spec.tax.x unknown_field",
        "8:24 spec.tax.profile wrong_type",
    ]


def test_what_an_alias_stands_for_is_told_where_it_is_written():
    content = event("split:\n  shares:\n    - &one {key: a, party: A, share: x}\n    - *one\n")
    assert told(content) == [
        "9:20 spec.split.shares.1.key duplicate_key",
        "9:40 spec.split.shares.0.share wrong_type",
        "9:40 spec.split.shares.1.share wrong_type",
    ]


def test_a_key_of_a_list_that_cannot_be_read_makes_nothing_else_wrong():
    """Who names a good whose key is misspelt is not told that it is not there."""
    content = event("""\
    catalogue: {skus: [{key: "to te", title: T, price: 9.00 EUR}]}
    drops: [{key: d, sku: tote, quantity: 5, opens: 2h before start}]
    """)
    assert told(content) == ["7:28 spec.catalogue.skus.0.key malformed"]
    no_list = event("""\
    catalogue: []
    drops: [{key: d, sku: tote, quantity: 5, opens: 2h before start}]
    """)
    assert told(no_list) == ["7:14 spec.catalogue wrong_type"]


@pytest.mark.parametrize("missing", ["title: Friday", "zone: Europe/Berlin, ", 'start: "20:30", '])
def test_what_is_missing_is_told_at_the_name_of_its_section(missing):
    content = GOOD.replace(f"  {missing}\n", "").replace(missing, "")
    (problem,) = check(content.encode()).problems
    name = re.split(r"\W", missing)[0]
    assert problem.code == "missing"
    assert problem.path.endswith(f".{name}")
    at = content.splitlines()[problem.line - 1][problem.column - 1 :]
    assert at.startswith(("spec:", "schedule:"))


def test_a_character_that_nobody_sees_is_named_and_every_script_is_taken():
    (said,) = words(event('venue: {title: "Yard\\u200b"}\n'))
    assert "title: contains characters that nobody sees: U+200B; leave them out" in said
    family, persian = "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u0645\u06cc\u200c\u062e"
    hebrew = "\u05e9\u05dc\u05d5\u05dd"
    for title in (family, persian, hebrew, "\U0001f1ee\U0001f1f7"):
        assert words(event(f"venue: {{title: {title}}}\n")) == []
    assert words(event(f'description: "\u200f{hebrew}!\u200f"\n')) == []


def test_what_was_taken_before_is_still_read():
    found = check(event("venue: {title: Yard}\n"))
    assert found.tree is not None
    data = found.tree.data
    data["spec"]["title"] = "Fri\u200bday"
    assert declared(data).manifest.spec.title == "Fri\u200bday"
