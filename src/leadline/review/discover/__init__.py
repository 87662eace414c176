"""Learning criteria from closed-won deals: cases and controls → candidates → evidence → a card → what it's worth → a definition."""
