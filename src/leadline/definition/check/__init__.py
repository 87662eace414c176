"""Checks"""
from leadline.definition.check.scopes import Scopes, scopes
__all__ = ["Scopes", "scopes"]
