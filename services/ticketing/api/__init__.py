"""The doors of ticketing: translate, dispatch, answer; no rules here."""
