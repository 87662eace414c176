"""Ranks, functions, channels and machines from single texts."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.facts import derive, vocabulary
from leadline.facts.model import SENIORITY

# Title, seniority, function.
TITLES = [
    ("Chief Executive Officer", "c_level", "leadership"),
    ("CEO", "c_level", "leadership"),
    ("C.E.O.", "c_level", "leadership"),
    ("C.T.O", "c_level", "engineering"),
    ("CMO", "c_level", "marketing"),
    ("CRO", "c_level", "sales"),
    ("CISO", "c_level", "security"),
    ("Chief Information Security Officer (CISO)", "c_level", "security"),
    ("Chief Product & Technology Officer", "c_level", "product"),
    ("chief people officer", "c_level", "hr"),
    ("Group CFO", "c_level", "finance"),
    ("Interim CFO", "c_level", "finance"),
    ("Deputy CISO", "c_level", "security"),
    ("Founder & CEO", "c_level", "leadership"),
    ("Co-Founder", "c_level", "leadership"),
    ("Cofounder & CTO", "c_level", "engineering"),
    ("Founder/CEO @ Startup – ex McKinsey", "c_level", "leadership"),
    ("Owner", "c_level", "leadership"),
    ("Owner/Operator", "c_level", "leadership"),
    ("President", "c_level", "leadership"),
    ("President & CEO", "c_level", "leadership"),
    ("Managing Director", "c_level", "leadership"),
    ("MD", "c_level", "leadership"),
    ("MD, Acme Medical Devices", "c_level", "leadership"),
    ("Managing Partner", "c_level", "leadership"),
    ("Member of the Board of Directors", "c_level", "leadership"),
    ("Non-Executive Director", "c_level", "leadership"),
    ("MBA Student & Founder", "c_level", "leadership"),
    ("Senior VP & CFO", "c_level", "finance"),
    ("Vice President", "vp", None),
    ("Vice-President", "vp", None),
    ("Vice–President Marketing", "vp", "marketing"),
    ("VICE  PRESIDENT  OF  FINANCE", "vp", "finance"),
    ("V.P. Engineering", "vp", "engineering"),
    ("VP of Sales, EMEA", "vp", "sales"),
    ("VP Mktg", "vp", "marketing"),
    ("VP, Marketing", "vp", "marketing"),
    ("SVP, Global Sales", "vp", "sales"),
    ("EVP & General Counsel", "vp", "legal"),
    ("AVP Marketing", "vp", "marketing"),
    ("Senior Vice President, Human Resources", "vp", "hr"),
    ("VP Quality & Regulatory", "vp", "quality_regulatory"),
    ("VP R&D", "vp", "research"),
    ("Partner", "vp", "leadership"),
    ("Tax Partner", "vp", "finance"),
    ("Head of Growth", "director", "marketing"),
    ("Global Head of Procurement", "director", "procurement"),
    ("Marketing Head", "director", "marketing"),
    ("Head of Marketing, former CMO", "director", "marketing"),
    ("Head of Sales Operations", "director", "sales"),
    ("Deputy Head of IT", "director", "it"),
    ("Dir., HR", "director", "hr"),
    ("Mktg Dir.", "director", "marketing"),
    ("Sr Director - Product Marketing", "director", "marketing"),
    ("Associate Director, Clinical Research", "director", "research"),
    ("Director of Sales & Marketing", "director", "sales"),
    ("Sales & Marketing Director", "director", "sales"),
    ("Chief of Staff", "director", "operations"),
    ("Chief of Staff to the CEO", "director", "operations"),
    ("Chief Architect", "director", "engineering"),
    ("GM, EMEA", "director", "leadership"),
    ("Country Manager DACH", "director", "leadership"),
    ("Executive Director", "director", "leadership"),
    ("Editor-in-Chief", "director", "marketing"),
    ("Sales Mgr", "manager", "sales"),
    ("Regional Sales Manager", "manager", "sales"),
    ("Engineering Manager, Security", "manager", "engineering"),
    ("Assistant Manager", "manager", None),
    ("Senior Manager, Strategy & Operations", "manager", "operations"),
    ("Program Manager", "manager", "operations"),
    ("Product Marketing Manager", "manager", "marketing"),
    ("IT Sales Manager", "manager", "sales"),
    ("RevOps Manager", "manager", "operations"),
    ("Partner Manager", "manager", None),
    ("Senior Partner Manager", "manager", None),
    ("Team Lead Customer Support", "manager", "support"),
    ("Warehouse Supervisor", "manager", "operations"),
    ("Financial Controller", "manager", "finance"),
    ("Student Success Manager", "manager", "education"),
    ("Lead Generation Manager", "manager", "marketing"),
    ("CEO at Manager Tools", "c_level", "leadership"),
    ("Sr. Software Engineer", "senior", "engineering"),
    ("Principal Engineer", "senior", "engineering"),
    ("Staff Software Engineer", "senior", "engineering"),
    ("Lead Developer", "senior", "engineering"),
    ("Sales Lead", "senior", "sales"),
    ("Senior Account Manager", "senior", "sales"),
    ("Senior Data Scientist", "senior", "data"),
    ("Art Director", "senior", "design"),
    ("Account Manager", "individual", "sales"),
    ("Product Manager", "individual", "product"),
    ("Project Manager", "individual", "operations"),
    ("Product Owner", "individual", "product"),
    ("Office Manager", "individual", "operations"),
    ("Customer Success Manager", "individual", "customer_success"),
    ("Executive Assistant", "individual", "operations"),
    ("Assistant to the CEO", "individual", "operations"),
    ("Executive Assistant to the CEO, CFO & COO", "individual", "operations"),
    ("CEO's Assistant", "individual", "operations"),
    ("Advisor to the CEO", "individual", None),
    ("HR Business Partner", "individual", "hr"),
    ("Lead Generation Specialist", "individual", "marketing"),
    ("CRO Specialist", "individual", None),
    ("Account Executive", "individual", "sales"),
    ("Sales Engineer", "individual", "sales"),
    ("Data Engineer", "individual", "data"),
    ("UI/UX Designer", "individual", "design"),
    ("QA/RA Engineer", "individual", "quality_regulatory"),
    ("FP&A Analyst", "individual", "finance"),
    ("Technical Recruiter", "individual", "hr"),
    ("Jr. Business Analyst", "individual", "data"),
    ("Physician, MD", "individual", "healthcare"),
    ("Internal Auditor", "individual", "finance"),
    ("Staff Accountant", "individual", "finance"),
    ("Personal Trainer", "individual", "education"),
    ("Management Consultant", "individual", "consulting"),
    ("Software Engineer at Founders Fund", "individual", "engineering"),
    ("Product Manager, ex-Google", "individual", "product"),
    ("former VP Sales | Advisor", "individual", None),
    ("Student", "intern", "education"),
    ("Summer Intern - Data Science", "intern", "data"),
    ("Marketing Manager Intern", "intern", "marketing"),
    ("Management Trainee", "intern", None),
    ("Werkstudentin Marketing", "intern", "marketing"),
    ("Praktikant (m/w/d) Vertrieb", "intern", "sales"),
    ("Stagiaire communication", "intern", "marketing"),
    ("Becario de marketing", "intern", "marketing"),
    ("Geschäftsführer", "c_level", "leadership"),
    ("Geschaeftsfuehrerin", "c_level", "leadership"),
    ("GESCHAFTSFUHRER", "c_level", "leadership"),
    ("Kaufmännischer Geschäftsführer", "c_level", "finance"),
    ("GF", "c_level", "leadership"),
    ("Inhaberin", "c_level", "leadership"),
    ("Mitglied der Geschäftsleitung", "c_level", "leadership"),
    ("Finanzvorstand", "c_level", "finance"),
    ("Leiter Einkauf", "director", "procurement"),
    ("Leiter:in Personal", "director", "hr"),
    ("Bereichsleiter Vertrieb", "director", "sales"),
    ("Abteilungsleiterin Qualitätssicherung", "director", "quality_regulatory"),
    ("Marketingleiter/-in", "director", "marketing"),
    ("IT-Leiter", "director", "it"),
    ("Prokurist", "director", "leadership"),
    ("Teamleiter Kundenservice", "manager", "support"),
    ("Qualitätsmanager", "manager", "quality_regulatory"),
    ("Projektleiterin", "individual", "operations"),
    ("Assistentin der Geschäftsleitung", "individual", "operations"),
    ("Vorstandsassistent", "individual", "operations"),
    ("Sachbearbeiterin Buchhaltung", "individual", "finance"),
    ("Referent Öffentlichkeitsarbeit", "individual", "marketing"),
    ("Softwareentwickler", "individual", "engineering"),
    ("Directeur Général", "c_level", "leadership"),
    ("Président-directeur général", "c_level", "leadership"),
    ("Directrice Marketing", "director", "marketing"),
    ("Directeur commercial", "director", "sales"),
    ("DRH", "director", "hr"),
    ("Responsable Achats", "manager", "procurement"),
    ("Chef de projet", "individual", "operations"),
    ("Chargé(e) de recrutement", "individual", "hr"),
    ("Assistante du Directeur Général", "individual", "operations"),
    ("Director General", "c_level", "leadership"),
    ("Gerente General", "c_level", "leadership"),
    ("Directora de Recursos Humanos", "director", "hr"),
    ("Gerente de Ventas", "manager", "sales"),
    ("Jefe de Compras", "manager", "procurement"),
    ("Amministratore Delegato", "c_level", "leadership"),
    ("Direttore Vendite", "director", "sales"),
    ("Responsabile Acquisti", "manager", "procurement"),
    ("Bestuurder", "c_level", "leadership"),
    ("Mede-oprichter", "c_level", "leadership"),
    ("Hoofd Inkoop", "director", "procurement"),
    ("Medewerker Verkoop", "individual", "sales"),
    ("Sócio-gerente", "c_level", "leadership"),
    ("Diretora de RH", "director", "hr"),
    ("Analista de Dados", "individual", "data"),
    ("Marketing", None, "marketing"),
    ("IT", None, "it"),
    ("Former CEO", None, None),
    ("Ex-CEO", None, None),
    ("CEO (retired)", None, None),
    ("Past President", None, None),
    ("Aspiring Data Scientist", None, None),
    ("Office of the CEO", None, None),
    ("Ninja", None, None),
    ("代表取締役", None, None),
    ("n/a", None, None),
    ("--", None, None),
    ("", None, None),
    (None, None, None),
]
WRITTEN = [title for title, *_ in TITLES if title]


@pytest.mark.parametrize(("title", "rank", "what"), TITLES)
def test_titles_are_read_as_people_write_them(title, rank, what):
    assert (derive.seniority(title), derive.function(title)) == (rank, what)


def _without_accents(text):
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        str.lower,
        lambda text: f"  {text.replace(' ', '   ')}\t",
        _without_accents,
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue"),
        lambda text: text.replace(" ", "\u00a0"),
    ],
    ids=["upper", "lower", "blanks", "no accents", "decomposed", "transliterated", "hard blanks"],
)
@pytest.mark.parametrize("title", WRITTEN)
def test_case_blanks_and_accents_change_nothing(title, change):
    changed = change(title)
    assert (derive.seniority(changed), derive.function(changed)) == (derive.seniority(title), derive.function(title))


@given(st.lists(st.sampled_from([title for title in WRITTEN if "MD" not in title]), min_size=1, max_size=4))
def test_of_several_roles_the_highest_counts(titles):
    ranks = [SENIORITY.index(rank) for rank in map(derive.seniority, titles) if rank]
    assert derive.seniority(" | ".join(titles)) == (SENIORITY[max(ranks)] if ranks else None)


@given(st.text(max_size=80))
def test_no_title_is_too_odd_to_read(title):
    assert derive.seniority(title) in {None, *SENIORITY}
    assert derive.function(title) in {None, *(what for step in vocabulary.FUNCTIONS for what in step if what != "-")}


def _plain(phrases):
    return [" ".join(phrase.split()) for phrase in phrases.split(",") if not set("^$*") & set(phrase)]


def test_every_phrase_of_the_table_of_ranks_gives_its_rank_so_none_is_shadowed():
    table = {phrase: rank for rank, phrases in vocabulary.RANKS.items() if rank in SENIORITY for phrase in _plain(phrases)}
    assert {phrase: derive.seniority(f"zz {phrase} zz") for phrase in table} == table


def test_every_phrase_that_names_a_function_beyond_doubt_gives_it():
    table = {phrase: what for what, phrases in vocabulary.FUNCTIONS[0].items() for phrase in _plain(phrases)}
    assert {phrase: derive.function(f"zz {phrase} zz") for phrase in table} == table


# Source, medium, referrer, campaign, channel.
ARRIVALS = [
    (None, None, None, None, "direct"),
    ("", " ", "", "", "direct"),
    ("(direct)", "(none)", None, None, "direct"),
    ("(not set)", "(not set)", None, None, "direct"),
    ("google", "cpc", None, None, "paid_search"),
    ("google", "cpc", "https://www.acme.com/", None, "paid_search"),
    ("google ads", None, None, None, "paid_search"),
    ("google", "cpc", None, "DE_Brand_Exact", "branded_search"),
    ("google", "cpc", None, "Non-Brand | CRM", "paid_search"),
    ("google", "cpc", None, "brand awareness", "paid_search"),
    ("linkedin", "cpc", None, "DE_Brand_Exact", "paid_social"),
    ("LinkedIn", "Paid Social", None, None, "paid_social"),
    ("facebook", "cpm", None, None, "paid_social"),
    (None, "cpc", "https://www.linkedin.com/", None, "paid_social"),
    ("youtube", "cpc", None, None, "video"),
    ("google", "organic", None, None, "organic"),
    ("linkedin", "organic", None, None, "social"),
    ("linkedin", "social", None, None, "social"),
    ("m.facebook.com", "referral", None, None, "social"),
    ("t.co", "referral", None, None, "social"),
    ("capterra", "referral", None, None, "referral"),
    ("somesite.com", None, None, None, "referral"),
    ("acme.com", None, None, None, None),
    ("newsletter", "email", None, None, "email"),
    ("newsletter_2026-05", None, None, None, "email"),
    ("webinar", "e-mail", None, None, "email"),
    ("dreamforce", "Event", None, None, "event"),
    ("Trade Show", None, None, None, "event"),
    ("criteo", "retargeting", None, None, "display"),
    ("impact", "affiliate", None, None, "affiliate"),
    ("Partner Referral", None, None, None, "partner"),
    ("Cold Call", None, None, None, "outbound"),
    ("Direct Mail", None, None, None, "outbound"),
    ("chatgpt.com", None, None, None, "ai"),
    ("PAID_SEARCH", None, None, None, "paid_search"),
    ("ORGANIC_SEARCH", None, None, None, "organic"),
    ("EMAIL_MARKETING", None, None, None, "email"),
    ("DIRECT_TRAFFIC", None, None, None, "direct"),
    ("unknown", None, None, None, None),
    ("weird", "thing", None, None, None),
    ("微信", None, None, None, None),
    ("weird", "thing", "https://www.google.com/", None, "organic"),
    (None, None, "https://www.google.co.uk/", None, "organic"),
    (None, None, "https://www.google.com/search?q=Acme+robotics", None, "branded_search"),
    (None, None, "https://www.bing.com/search?q=robots", None, "organic"),
    (None, None, "https://mail.google.com/", None, "email"),
    (None, None, "android-app://com.google.android.gm/", None, "email"),
    (None, None, "android-app://com.linkedin.android/", None, "social"),
    (None, None, "https://docs.google.com/document/1", None, "referral"),
    (None, None, "https://gemini.google.com/app", None, "ai"),
    (None, None, "https://l.instagram.com/", None, "social"),
    (None, None, "https://www.youtube.com/watch?v=1", None, "video"),
    (None, None, "https://www.googleadservices.com/x", None, "paid_search"),
    (None, None, "https://techcrunch.com/x", None, "referral"),
    (None, None, "https://www.acme.com/pricing", None, None),
    (None, None, "https://blog.acme.com/", None, None),
    (None, None, "http://localhost:3000/", None, "direct"),
]


@pytest.mark.parametrize(("source", "medium", "referrer", "campaign", "expected"), ARRIVALS)
def test_the_channel_follows_from_medium_then_source_then_referrer(source, medium, referrer, campaign, expected):
    assert derive.channel(source, medium, referrer, campaign, ("www.acme.com", "acme.de")) == expected


def test_every_channel_can_be_reached():
    assert {row[-1] for row in ARRIVALS} - {None} == set(derive.CHANNELS)


def test_without_own_domains_our_own_pages_refer_to_us():
    assert derive.channel(None, None, "https://www.acme.com/pricing", None) == "referral"


@given(*[st.none() | st.text(max_size=20)] * 4)
def test_no_arrival_is_too_odd_to_read(source, medium, referrer, campaign):
    assert derive.channel(source, medium, referrer, campaign, ["acme.com", ""]) in {None, *derive.CHANNELS}


CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Googlebot",
        f"{CHROME} BingPreview/1.0b",
        CHROME.replace("Chrome", "HeadlessChrome"),
        "Barracuda Sentinel (EE)",
        "Mozilla/5.0 (compatible; Proofpoint URL Defense)",
        "Mimecast Web Security",
        "Microsoft SafeLinks",
        "Chrome Privacy Preserving Prefetch Proxy",
        "Microsoft Office Existence Discovery",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "python-requests/2.32",
        "curl/8.6.0",
        "PostmanRuntime/7.39",
        "Mozilla/5.0",
        "urlscan.io",
    ],
)
def test_crawlers_scanners_prefetchers_and_scripts_are_machines(agent):
    assert derive.is_machine_agent(agent)


@pytest.mark.parametrize(
    "agent",
    [
        CHROME,
        f"{CHROME} Edg/126.0.0.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [LinkedInApp]/9.29",
        "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
        "Mozilla/5.0 (Linux; Android 10; Cubot P40) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/112.0 Mobile Safari/537.36",
        "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
        "Outlook-iOS/709.2226530.prod.iphone (3.24.1)",
        "  ",
        "",
        None,
    ],
)
def test_browsers_mail_programs_and_the_unknown_are_not_called_machines(agent):
    assert not derive.is_machine_agent(agent)
