"""Moving here from pretix: what is sold and was sold there is taken over, as often as asked."""
