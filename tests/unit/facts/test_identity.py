"""Domains out of what people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.facts import identity

LABEL = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,4})?", fullmatch=True)
NAME = LABEL.map(lambda label: f"acme{label}")  # no suffix of the list itself, as x0.com is
SUFFIX = st.sampled_from(["com", "de", "co.uk", "com.au", "io", "example", "co.jp"])


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        ("jane@acme.com", "acme.com"),
        ("Jane.Doe+news@Mail.ACME.co.uk ", "mail.acme.co.uk"),
        ("Jane Doe <jane@acme.com>", "acme.com"),
        ("mailto:jane@acme.com?subject=Hi", "acme.com"),
        ("jane@acme.com; bob@other.de", "acme.com"),
        ("jane@acme.com.", "acme.com"),
        ("jane@münchen.de", "xn--mnchen-3ya.de"),
        ("jane@XN--MNCHEN-3YA.de", "xn--mnchen-3ya.de"),
        ("\u200bjane@acme.com\ufeff", "acme.com"),
        ("odd@local@acme.com", "acme.com"),
        ("jane@acme", None),
        ("@acme.com", None),
        ("jane@", None),
        ("jane@192.168.0.1", None),
        ("jane@acme..com", None),
        ("not an address", None),
        ("", None),
        (None, None),
    ],
)
def test_the_domain_of_an_address_is_what_follows_the_last_at_in_one_form(email, domain):
    assert identity.email_domain(email) == domain


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("acme.com", "acme.com"),
        ("WWW.ACME.COM", "acme.com"),
        ("acme.com.", "acme.com"),
        ("https://www.acme.co.uk:8080/a/b.html?x=y.de#z", "acme.co.uk"),
        ("http://user:pass@shop.acme.com/x@y", "acme.com"),
        ("//cdn.acme.com/x", "acme.com"),
        ("http:acme.com", "acme.com"),
        ("acme.com/jobs", "acme.com"),
        ("acme.com:443", "acme.com"),
        ("www.acme.com, acme.de", "acme.com"),
        ("jane@mail.acme.com", "acme.com"),
        ("https://medium.com/@acme", "medium.com"),
        ("www.com", "www.com"),
        ("my_host.acme.com", "acme.com"),
        ("münchen.de", "xn--mnchen-3ya.de"),
        ("xn--mnchen-3ya.de", "xn--mnchen-3ya.de"),
        ("shop.食狮.公司.cn", "xn--85x722f.xn--55qx5d.cn"),
        ("straße.de", "xn--strae-oqa.de"),
        ("acme。jp", "acme.jp"),
        ("acme.myshopify.com", "acme.myshopify.com"),
        ("myshopify.com", "myshopify.com"),
        ("www.acme.example", "acme.example"),
        ("co.uk", None),
        ("com", None),
        ("localhost:8000", None),
        ("acme.local", None),
        ("192.168.0.1", None),
        ("http://[::1]/", None),
        ("Acme GmbH", None),
        ("acme..com", None),
        ("acme_corp.com", None),
        ("-acme-.com", None),
        (f"{'a' * 64}.com", None),
        (f"{'abc.' * 90}com", None),
        ("n/a", None),
        ("-", None),
        ("", None),
        (None, None),
    ],
)
def test_the_domain_of_a_company_is_the_registrable_one(text, domain):
    assert identity.company_domain(text) == domain


@given(NAME, SUFFIX, st.lists(LABEL, max_size=3), st.sampled_from(["", "http://", "https://www.", "jane@"]), st.sampled_from(["", "."]))
def test_neither_hosts_below_it_nor_how_it_is_written_change_the_domain_of_a_company(name, suffix, below, before, dot):
    written = f"{before}{'.'.join([*below, name, suffix])}{dot}".upper()
    assert identity.company_domain(written) == f"{name}.{suffix}"


@given(st.text(max_size=40) | st.from_regex(r"\w+@[\w.-]+", fullmatch=True))
def test_what_comes_back_is_its_own_domain_and_nothing_is_too_odd_to_read(text):
    for found in (identity.company_domain(text), identity.company_domain(identity.email_domain(text))):
        assert found is None or (found.isascii() and found == found.lower() and identity.company_domain(found) == found)


@pytest.mark.parametrize(
    "domain",
    [
        "gmail.com",
        "GMX.de",
        "hotmail.co.uk",
        "qq.com",
        "proton.me",
        "hey.com",
        "tutanota.com",
        "outlook.com.",
        "pop.gmx.de",
        "mailinator.com",
    ],
)
def test_mail_for_anybody_is_free(domain):
    assert identity.is_free_mail(domain)


@pytest.mark.parametrize("domain", ["acme.com", "google.com", "microsoft.com", "ibm.com", "gmail", "co.uk", "", None])
def test_mail_of_a_company_or_of_nobody_is_not_free(domain):
    assert not identity.is_free_mail(domain)


def test_a_host_is_whole_and_without_port_or_credentials():
    assert identity.host("https://u:p@News.Acme.com:443/a?b=c.de") == "news.acme.com"
    assert identity.host("android-app://com.google.android.gm/") == "com.google.android.gm"
    assert identity.host("http://10.0.0.1/") is None
