"""The kernel's own log `platform`: tenants, signing keys, tokens, revocations."""
