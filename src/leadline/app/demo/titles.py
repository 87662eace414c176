"""Job titles as people really write them, by what they mean: abbreviations, typos, German ones, slashes, shouting.

Data only. The key is (function, rank); ranks are those of :data:`leadline.facts.model.SENIORITY`.
"""

from __future__ import annotations

TITLES: dict[tuple[str, str], tuple[str, ...]] = {
    ("leadership", "c_level"): (
        "CEO", "ceo/founder", "Co-Founder & CEO", "Founder", "Chief Executive Officer", "Managing Director", "Owner",
    ),
    ("operations", "c_level"): ("COO", "Chief Operating Officer", "chief operations officer"),
    ("operations", "vp"): ("VP Revenue Operations", "VP, Ops", "Vice President Operations", "SVP Business Operations"),
    ("operations", "director"): (
        "Head of RevOps", "Director of Revenue Operations", "Head of Ops", "Dir. Sales Operations", "Director, Business Systems",
    ),
    ("operations", "manager"): ("RevOps Manager", "Sales Operations Manager", "Mgr. Business Operations", "Operations Manger", "Ops Lead"),
    ("operations", "senior"): ("Sr. RevOps Analyst", "Senior Sales Ops Specialist", "senior business analyst"),
    ("operations", "individual"): (
        "RevOps Analyst", "Sales Operations Specialist", "Business Analyst", "CRM admin", "Salesforce Administrator",
    ),
    ("sales", "c_level"): ("Chief Revenue Officer", "CRO", "CSO (Chief Sales Officer)"),
    ("sales", "vp"): ("VP Sales", "VP of Sales, EMEA", "Vice President Sales", "V.P. Sales & Partnerships", "EVP Sales"),
    ("sales", "director"): ("Sales Director", "Director of Sales", "Head of Sales", "Director, Inside Sales", "regional sales director"),
    ("sales", "manager"): ("Sales Manager", "Inside Sales Manager", "Team Lead SDR", "Sales Enablement Manager"),
    ("sales", "senior"): ("Senior Account Executive", "Sr. AE", "Senior Key Account Executive"),
    ("sales", "individual"): ("Account Executive", "SDR", "BDR", "Sales Rep", "account exec", "Inside Sales"),
    ("marketing", "c_level"): ("CMO", "Chief Marketing Officer", "Chief Mktg Officer"),
    ("marketing", "vp"): ("VP, Mktg", "VP Marketing", "Vice President of Marketing", "VP Growth"),
    ("marketing", "director"): ("Marketing Director", "Director of Demand Gen", "Head of Marketing", "Dir, Digital Mktg", "Head of Growth"),
    ("marketing", "manager"): ("Marketing Manager", "Demand Gen Mgr", "Marketing Ops Manager", "Campaign manager", "Markteing Manager"),
    ("marketing", "individual"): ("Marketing Specialist", "Content Marketer", "Marketing Coordinator", "SEO", "Growth marketer"),
    ("finance", "c_level"): ("CFO", "Chief Financial Officer", "CFO / COO"),
    ("finance", "vp"): ("VP Finance", "Vice President, FP&A"),
    ("finance", "director"): ("Finance Director", "Head of Finance", "Director of FP&A", "Dir. Billing & Collections"),
    ("finance", "manager"): ("Finance Manager", "Controller", "Billing Manager", "Accounting Mgr"),
    ("finance", "individual"): ("Accountant", "Financial Analyst", "Billing specialist", "AR clerk"),
    ("it", "c_level"): ("CIO", "CTO", "Chief Information Officer", "CTO & co-founder"),
    ("it", "vp"): ("VP IT", "VP Information Systems"),
    ("it", "director"): ("IT Director", "Head of IT", "Director, Enterprise Applications"),
    ("it", "manager"): ("IT Manager", "Business Systems Manager", "Mgr IT Applications"),
    ("it", "senior"): ("Senior Systems Administrator", "Sr. Solutions Architect"),
    ("it", "individual"): ("Systems Administrator", "IT Specialist", "Business Systems Analyst"),
    ("engineering", "director"): ("Director of Engineering", "Head of Engineering"),
    ("engineering", "manager"): ("Engineering Manager", "Eng Mgr", "Tech Lead"),
    ("engineering", "senior"): ("sr. software eng", "Senior Software Engineer", "Senior Developer", "Staff Engineer"),
    ("engineering", "individual"): ("Software Engineer", "developer", "Full-stack dev", "SWE", "DevOps Engineer", "Data Engineer"),
    ("product", "director"): ("Director of Product", "Head of Product", "Dir. Product Management"),
    ("product", "manager"): ("Product Manager", "PM", "Product Owner"),
    ("support", "manager"): ("Support Manager", "Head of Customer Support", "Support Team Lead"),
    ("support", "individual"): ("Customer Support Specialist", "Support Agent", "Helpdesk"),
    ("hr", "director"): ("HR Director", "Head of People", "Director, Talent Acquisition"),
    ("hr", "manager"): ("HR Manager", "People Ops Manager", "Recruiting Mgr"),
    ("hr", "individual"): ("Recruiter", "HR Generalist", "HR Assistant"),
    ("consulting", "c_level"): ("Founder & Principal Consultant", "Owner, consultant"),
    ("consulting", "senior"): ("Senior Consultant", "Sr consultant"),
    ("consulting", "individual"): ("Consultant", "Freelance consultant", "Freelancer", "CRM consultant (freelance)"),
    ("education", "intern"): (
        "Student", "student", "PhD Student", "Intern", "Working Student Marketing", "MBA student", "Undergraduate Student",
    ),
    ("education", "individual"): ("Research Assistant", "Lecturer", "Professor of Information Systems", "researcher"),
}  # fmt: skip

GERMAN: dict[tuple[str, str], tuple[str, ...]] = {
    ("leadership", "c_level"): ("Geschäftsführer", "Geschäftsführerin", "GF", "Inhaber", "Geschäftsführender Gesellschafter"),
    ("operations", "director"): ("Leiter Vertriebssteuerung", "Leiterin Prozessmanagement", "Bereichsleiter Operations"),
    ("operations", "manager"): ("Teamleiter Auftragsabwicklung", "Teamleiterin Vertriebsinnendienst"),
    ("operations", "individual"): ("Sachbearbeiter Auftragsabwicklung", "Referentin Vertriebssteuerung"),
    ("sales", "director"): ("Vertriebsleiter", "Leiterin Vertrieb", "Leiter Vertrieb DACH"),
    ("sales", "manager"): ("Teamleiter Vertrieb", "Gruppenleiter Innendienst"),
    ("sales", "individual"): ("Vertriebsmitarbeiter", "Mitarbeiterin Vertrieb", "Außendienst"),
    ("marketing", "director"): ("Marketingleiter", "Leitung Marketing", "Leiterin Marketing & Kommunikation"),
    ("marketing", "individual"): ("Marketingreferentin", "Referent Marketing", "Online-Marketing"),
    ("finance", "director"): ("Kaufmännischer Leiter", "Leiter Finanzen", "Leiterin Rechnungswesen"),
    ("finance", "individual"): ("Buchhalterin", "Sachbearbeiter Buchhaltung"),
    ("it", "director"): ("IT-Leiter", "Leiter IT", "Bereichsleitung IT"),
    ("it", "individual"): ("Systemadministrator", "IT-Administratorin"),
    ("hr", "individual"): ("Personalreferentin", "Sachbearbeiterin Personal"),
    ("education", "intern"): ("Werkstudent", "Werkstudentin Vertrieb", "Praktikant", "Studentin"),
    ("education", "individual"): ("Wissenschaftlicher Mitarbeiter",),
}
