"""The same suite over every engine: each must give what the oracle gives, to the millionth."""
