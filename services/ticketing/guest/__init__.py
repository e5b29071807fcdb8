"""What a guest has in hand: the link, the order's page, its tickets on paper, the calendar."""
