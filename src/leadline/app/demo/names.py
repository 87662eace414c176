"""Made-up names of people and companies. Data only.

Companies live under ``.example``, a name that the internet keeps for documentation, so that nobody is written to by
accident.
"""

from __future__ import annotations

OUR_SITE = "https://www.quillstone.example"
REVIEWS = "https://www.softwarescout.example/quillstone"

FIRST_NAMES: dict[str, tuple[str, ...]] = {
    "german": (
        "Anna", "Jonas", "Katharina", "Lukas", "Sabine", "Jürgen", "Miriam", "Tobias", "Heike", "Stefan", "Björn", "Lena",
        "Markus", "Julia", "Andreas", "Claudia", "Florian", "Petra", "Sven", "Nina", "Matthias", "Birgit", "Jan", "Hannah",
    ),
    "english": (
        "Emily", "James", "Olivia", "Daniel", "Sarah", "Michael", "Grace", "Thomas", "Rachel", "Kevin", "Laura", "Brian",
        "Megan", "Andrew", "Natalie", "Eric", "Hannah", "Jason", "Amy", "Peter", "Priya", "Marcus", "Chloe", "Ben",
    ),
    "latin": (
        "Camille", "Lucas", "Chloé", "Hugo", "Inès", "Matteo", "Giulia", "Marco", "Lucía", "Diego", "Sofía", "Pablo",
        "João", "Beatriz", "Thiago", "Élodie", "François", "Elena", "Luca", "Carmen",
    ),
    "nordic": ("Sanne", "Daan", "Lotte", "Bram", "Fleur", "Sven", "Astrid", "Erik", "Ingrid", "Lars", "Maja", "Oskar"),
    "indian": ("Aarav", "Ananya", "Rohan", "Priya", "Vikram", "Divya", "Arjun", "Meera", "Karthik", "Neha"),
}  # fmt: skip
LAST_NAMES: dict[str, tuple[str, ...]] = {
    "german": (
        "Müller", "Schneider", "Fischer", "Weber", "Becker", "Hoffmann", "Schäfer", "Koch", "Bauer", "Richter", "Klein",
        "Wolf", "Schröder", "Neumann", "Braun", "Krüger", "Hofmann", "Lange", "Krause", "Lehmann", "Groß", "Voigt",
    ),
    "english": (
        "Smith", "Walker", "Turner", "Hughes", "Bennett", "Cooper", "Reed", "Morgan", "Foster", "Hayes", "Ellis", "Grant",
        "Parker", "O'Brien", "Carter", "Mitchell", "Stone", "Harper", "Shaw", "Chapman", "Lawson", "Doyle",
    ),
    "latin": (
        "Martin", "Bernard", "Lefèvre", "Moreau", "Rossi", "Conti", "Ricci", "García", "Romero", "Navarro", "Silva",
        "Souza", "Ferreira", "Gauthier", "Dubois", "Marino", "Serrano", "Castillo",
    ),
    "nordic": ("de Vries", "Jansen", "Bakker", "Visser", "van Dijk", "Lindqvist", "Nilsson", "Berg", "Holm", "Dahl"),
    "indian": ("Sharma", "Iyer", "Patel", "Reddy", "Nair", "Kapoor", "Menon", "Gupta"),
}  # fmt: skip
REGIONS = {
    "DE": "german", "AT": "german", "CH": "german", "US": "english", "GB": "english", "FR": "latin", "ES": "latin",
    "IT": "latin", "BR": "latin", "NL": "nordic", "SE": "nordic", "IN": "indian",
}  # fmt: skip

STEMS = (
    "Kestrel", "Brackenfold", "Halden", "Marlowe", "Tarnhill", "Ostrava", "Lindgrove", "Pemberly", "Calder", "Vantor",
    "Ashcombe", "Nordwall", "Silverpine", "Juniper", "Corvane", "Ellsmere", "Fairholt", "Greyfell", "Hexham", "Ironbrook",
    "Jorvik", "Kingsmoor", "Larkfield", "Mistral", "Northolt", "Oakhaven", "Pinecrest", "Quarrington", "Rosenthal",
    "Stonegate", "Thornbury", "Ulmen", "Valmont", "Westerlund", "Yarrow", "Zellberg", "Amberley", "Birkenau", "Cressing",
    "Dunmere", "Eichwald", "Falkenstein", "Goldacre", "Hollin", "Isarblick", "Kaltbach", "Lorwood", "Merian", "Netherby",
    "Orlen", "Praterhof", "Redmayne", "Sorrel", "Tessel", "Umbria", "Veldhoven", "Wyndham", "Ansbacher", "Brannock",
    "Copperfield", "Daventry",
)  # fmt: skip
SUFFIXES: dict[str, tuple[str, ...]] = {
    "software": ("Software", "Labs", "Systems", "Cloud", "Apps", "Data", "AI"),
    "financial services": ("Capital", "Payments", "Bank", "Leasing", "Insurance"),
    "business services": ("Partners", "Services", "Group", "Staffing", "Advisory"),
    "manufacturing": ("Industries", "Werke", "Machinery", "Components", "Tools"),
    "logistics": ("Logistics", "Freight", "Shipping", "Spedition"),
    "healthcare": ("Health", "Medical", "Diagnostics", "Pharma"),
    "retail": ("Retail", "Foods", "Outfitters", "Home"),
    "media": ("Media", "Press", "Studios"),
    "telecommunications": ("Telecom", "Networks"),
    "public sector": ("Council", "Stadtwerke", "Authority"),
    "education": ("University", "Hochschule", "College"),
}

FREE_MAIL = ("gmail.com", "gmail.com", "gmail.com", "outlook.com", "yahoo.com", "gmx.de", "web.de", "hotmail.com", "icloud.com")
ASCII = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e", "í": "i", "ã": "a", "ç": "c", "É": "E", "'": "", " ": ""}
