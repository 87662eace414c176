"""To whom a qualified lead goes, and by when: so far the clock of reps, :mod:`.sla`."""
