"""Reviewing a definition that is in force: what a week, a month or a quarter brought, against before and against the agreement."""
