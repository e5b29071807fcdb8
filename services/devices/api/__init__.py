"""The doors of devices, for operators: translate, dispatch, answer; no rules here."""
