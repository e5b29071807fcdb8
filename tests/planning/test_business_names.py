"""When two names or numbers mean one business: pairs that try to pass for two, and that are two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.planning.domain.business_names import name_key, number_key

ONE = [
    ("Dumpling Bar", "DUMPLING  bar"),
    ("Dumpling Bar", "Dumplingbar"),
    ("Dumpling Bar GmbH", "Dumpling Bar"),
    ("Dumpling Bar G. m. b. H.", "Dumpling-Bar gmbh"),
    ("Dumpling Bar GmbH & Co. KG", "dumpling bar"),
    ("Dumpling Bar UG (haftungsbeschränkt)", "Dumpling Bar"),
    ("Dumpling Bar Gesellschaft mit beschränkter Haftung", "Dumpling Bar GmbH"),
    ("Pierogi Sp. z o.o.", "Pierogi"),
    ("Meyer e.K.", "Meyer"),
    ("Müller", "Mueller"),
    ("Müller", "Mu\u0308ller"),
    ("Müller", "MULLER"),
    ("Café Crème S.A.R.L.", "Cafe Creme"),
    ("Straße", "STRASSE"),
    ("Smørrebrød ApS", "Smorrebrod"),
    ("Joe’s Pizza", "Joes Pizza"),  # noqa: RUF001
    ("Salt & Pepper", "Salt and Pepper"),
    ("Salt & Pepper", "Salt und Pepper"),
    ("The Cider Press Ltd.", "Cider Press Limited"),
    ("Acme\u200b Foods", "Acme Foods"),
    ("Acme\u00ad Foods\ufe0f", "Acme\u00a0Foods"),
    ("\uff21\uff43\uff4d\uff45", "Acme"),  # full width
    ("Acme™", "Acme"),
    ("А\u0441me", "Acme"),  # noqa: RUF001 - Cyrillic
    ("BAR", "В\u0410R"),  # noqa: RUF001 - Cyrillic capitals
    ("ООО Вода", "вода"),  # noqa: RUF001
    ("Ünlü Döner", "ÜNLÜ DÖNER"),
    ("カフェ", "ｶﾌｪ"),  # half width
    ("🍜 Ramen", "🍜Ramen"),
]
TWO = [
    ("Dumpling Bar", "Dumpling Car"),
    ("Bar 1", "Bar 2"),
    ("AG", "KG"),  # nothing else is there
    ("Company", "Corporation"),
    ("The", "And"),
    ("कि", "का"),  # marks are letters there
    ("🍜", "🍕"),
    ("東京屋", "京都屋"),
    ("Salt", "Salt & Pepper"),
    ("Press", "Ex-Press"),
]
SAME_NUMBER = [
    ("DE 123 456 789", "de123456789"),
    ("VAT No. GB 123 4567 89", "GB123456789"),
    ("USt-IdNr. DE123456789", "DE123456789"),
    ("CHE-123.456.789 MWST", "CHE123456789"),
    ("HRB 12345 B", "hrb-12345-b"),
    ("\u0661\u0662\u0663\u0664\u0665", "12345"),
    ("D\u0415123456789", "DE123456789"),  # a Cyrillic E
    ("DE123\u200b456789", "DE123456789"),
]


@pytest.mark.parametrize(("one", "other"), ONE)
def test_the_same_name_written_otherwise_is_the_same(one, other):
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(("one", "other"), TWO)
def test_other_names_are_not(one, other):
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(("one", "other"), SAME_NUMBER)
def test_the_same_number_written_otherwise_is_the_same(one, other):
    assert number_key(one) == number_key(other) != ""


@pytest.mark.parametrize("other", ["DE123456788", "AT123456789", "123456789"])
def test_other_numbers_are_not(other):
    assert number_key("DE123456789") != number_key(other)


def test_what_has_no_letters_is_told_by_nothing():
    assert name_key("!?-") == name_key("\u200b") == number_key(" - ") == ""


@given(st.text(max_size=60))
def test_whatever_is_typed_has_a_key_and_capitals_do_not_matter(text):
    assert name_key(text.casefold()) == name_key(text)
    assert number_key(text.casefold()) == number_key(text)
