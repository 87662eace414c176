"""The words by which titles, tags and referrers are read. Tables only, no logic.

Phrases stand between commas and are folded when they are loaded, just like the texts they are looked for in, so write them as people
do, accents and all. ``^`` and ``$`` stand for the two ends of a role, ``*`` at either end of a word for any letters.
"""

from __future__ import annotations

from collections.abc import Mapping

# Phrases by rank. "^" and "$" stand for the ends of a role, "*" for any letters. What "-" lists means nothing where it stands.
# "junior" holds a role down to individual; otherwise the highest rank in a role counts, but one word of "intern" makes it an intern.
RANKS = {
    "c_level": """
ceo, coo, cfo, cto, cmo, cro, ciso, cio, cso, cpo, cco, cdo, chro, clo, cao, cxo, caio, cbo, cgo, cko, cqo, cdao, cdio, cpto, cito,
vciso, vcio, vcto, chief executive, c level, c suite, founder, cofounder, owner, co owner, coowner, proprietor, entrepreneur,
president, chairman, chairwoman, chairperson, chair of the board, board chair, ^ chair $, managing director, md, managing partner,
general partner, founding partner, senior partner $, board member, member of the board, board of directors, non executive director,
non exec director, nonexecutive director, ned, board director, independent director, company director, statutory director, vorstand,
vorstands*, *vorstand, geschäftsführer, geschäftsführung, gf, geschäftsleiter, geschäftsleitung, geschäftsführend*, gesellschafter,
inhaber, eigentümer, gründer, mitgründer, mitbegründer, unternehmer, pdg, dg, dga, directeur général, directrice générale,
président, présidente, gérant, gérante, fondateur, fondatrice, cofondateur, cofondatrice, dirigeant, dirigeante, chef d entreprise,
cheffe d entreprise, propriétaire, director general, directora general, gerente general, presidente, presidenta, fundador,
fundadora, cofundador, cofundadora, propietario, propietaria, dueño, dueña, socio director, socia directora, socio gerente,
consejero delegado, consejera delegada, administrador único, administradora única, director ejecutivo, directora ejecutiva, director
gerente, amministratore delegato, amministratrice delegata, amministratore unico, ^ ad $, direttore generale, direttrice generale,
titolare, fondatore, cofondatore, imprenditore, imprenditrice, algemeen directeur, statutair directeur, bestuurder,
bestuursvoorzitter, eigenaar, eigenares*, oprichter, medeoprichter, zaakvoerder, ondernemer, diretor geral, diretora geral, diretor
executivo, diretora executiva, proprietário, proprietária, dono, dona, sócio administrador, empresário, empresária, vd,
verkställande direktör, administrerende direktør, daglig leder, toimitusjohtaja, grundare, ägare, prezes, właściciel""",
    "vp": """
vp, v p, svp, evp, avp, gvp, rvp, vice president, vicepresident, vice pres, vizepräsident, vicepresidente, vice presidente, vice
présidente, wiceprezes, general counsel, ^ partner $, tax partner $, audit partner $, law partner $, equity partner $, consulting
partner $, investment partner $, venture partner $, operating partner $, advisory partner $, ^ associé $, ^ associée $, ^ socio $, ^
socia $, ^ vennoot $""",
    "director": """
director, subdirector, subdirectora, dir, directeur, directrice, direttore, direttrice, directora, diretor, diretora, direktor,
direktör, direktør, dyrektor, head, hoofd, *hoofd, leiter, *leiter, leitung, *leitung, gm, general manager, country manager, chief,
^ principal $, prokurist, editor in chief, chefredakteur, rédacteur en chef, treasurer, secretary general, generalsekretär,
corporate secretary, company secretary, dean, provost, chefarzt, chef de cabinet, drh, daf, dsi, dircom, assistant general counsel,
associate general counsel, deputy general counsel""",
    "manager": """
manager, mgr, mngr, *manager, gerente, jefe, jefa, chefe, responsable, responsabile, responsável, verantwortlich*,
verantwoordelijke, encargado, encargada, supervisor, supervisora, leader, team lead, teamlead, teamleader, squad lead, chapter lead,
group lead, practice lead, department lead, tribe lead, functional lead, teamleiter, team leiter, gruppenleiter, schichtleiter,
filialleiter, marktleiter, bauleiter, teamleitung, gruppenleitung, filialleitung, teamleider, leidinggevende, foreman, vorarbeiter,
superintendent, chef de, chef d, chef du, chef des, cheffe de, chef comptable, capo, kierownik, financial controller, finance
controller, group controller, corporate controller, head nurse, head coach, head chef, head cook, head waiter""",
    "senior": """
senior, sr, snr, sênior, principal, lead, staff software, staff engineer, staff scientist, staff designer, staff product, staff
data, staff security, staff site, staff machine, staff backend, staff frontend, staff developer, senior staff, expert, experte,
fellow, distinguished, professor, leitend*, managing consultant, art director, oberarzt""",
    "individual": """
account manager, accountmanager, key account manager, key accounter, key account management, client manager, product manager,
productmanager, produktmanager, project manager, projectmanager, projektmanager, projektleiter, projekt leiter, projektleitung,
projectleider, project leader, chef de projet, cheffe de projet, chef de projets, chef de produit, jefe de proyecto, jefe de
proyectos, jefa de proyecto, jefe de producto, gerente de projeto, gerente de projetos, gerente de proyecto, gerente de proyectos,
gerente de producto, gerente de produto, gerente de cuenta, gerente de cuentas, gerente de contas, capo progetto, community manager,
social media manager, office manager, officemanager, customer success manager, client success manager, csm, kam, case manager,
relationship manager, territory manager, product owner, process owner, data owner, system owner, service owner, application owner,
asset owner, risk owner, platform owner, solution owner, entrepreneur in residence, advisory board, advisory board member,
acquisition partner, pa, ea, founders associate, founder associate, business partner, hr partner, people partner, talent partner,
finance partner, client partner, attaché, attachée, *beauftragte, *beauftragter, analyst, analista, analyste, engineer, ingenieur,
*ingenieur, ingénieure, ingeniero, ingeniera, ingegnere, engenheiro, engenheira, developer, développeur, développeuse,
desarrollador, desarrolladora, sviluppatore, ontwikkelaar, desenvolvedor, desenvolvedora, *entwickler, entwickler, programmer,
programmierer, designer, diseñador, diseñadora, grafiker, *designer, *consultant, *koordinator, *architekt, specialist, spécialiste,
especialista, specialista, spezialist, *spezialist, consultant, consultante, consultor, consultora, consulente, berater, *berater,
adviseur, *adviseur, conseiller, conseillère, asesor, asesora, advisor, adviser, associate, coordinator, ordinator, coordinateur,
coordinatrice, coordinador, coordinadora, coordinatore, coordenador, coordenadora, koordinator, executive, officer, representative,
rep, sdr, bdr, adr, ae, administrator, administrateur, administratrice, admin, sysadmin, assistant, assistante, assistent,
*assistent, assistente, asistente, assistenz, *assistenz, secretary, sekretär, secrétaire, secretaria, secretario, segretaria,
segretario, accountant, comptable, contable, contador, contadora, ragioniere, buchhalter, *buchhalter, boekhouder, bookkeeper,
writer, copywriter, editor, redakteur, redacteur, rédacteur, rédactrice, journalist, nurse, physician, doctor, arzt, *arzt,
therapist, pharmacist, dentist, surgeon, teacher, lehrer, *lehrer, lecturer, tutor, trainer, coach, instructor, technician,
techniker, *techniker, technicien, technicienne, técnico, técnica, monteur, operator, mechanic, electrician, driver, agent, clerk,
receptionist, cashier, planner, buyer, purchaser, einkäufer, acheteur, acheteuse, comprador, compradora, inkoper, lawyer, attorney,
counsel, paralegal, jurist, juriste, anwalt, *anwalt, abogado, abogada, avvocato, avocat, avocate, advogado, advogada, recruiter,
headhunter, head hunter, sourcer, architect, architekt, architecte, arquitecto, arquitecta, architetto, scientist, researcher,
wissenschaftler, chercheur, chercheuse, strategist, marketer, auditor, underwriter, broker, trader, banker, tester, sdet, sre,
freelancer, freelance, self employed, selbständig, selbstständig, contractor, sachbearbeiter, sachbearbeitung, referent, *referent,
mitarbeiter, *mitarbeiter, angestellte, angestellter, fachkraft, kaufmann, kauffrau, *kaufmann, *kauffrau, medewerker, *medewerker,
employee, employé, employée, empleado, empleada, impiegato, impiegata, verkäufer, vendeur, vendeuse, vendedor, vendedora, venditore,
verkoper, commercial $, commerciale $, comercial $, vertriebler, evangelist, advocate, scrum master, postdoc, controller, disponent,
volunteer, worker, member, librarian, translator, photographer, producer, artist, chef, cook, ambassador, inspector, estimator,
surveyor, investigator, chargé, chargée, gestionnaire, addetto, addetta, marketeer""",
    "intern": """
intern, internship, praktikant, praktikum, werkstudent, working student, student, studierend*, studentische*, trainee, apprentice,
apprenti, apprentie, alternant, alternante, alternance, stagiaire, stagiair, becario, becaria, practicante, tirocinante, stagista,
estagiário, estagiária, aprendiz, azubi, auszubildend*, lehrling, volontär, étudiant, étudiante, estudiante, studente, studentessa,
estudante, undergraduate, phd candidate, doktorand, doctorant""",
    "junior": "junior, jr, jnr, júnior",
    "-": """
lead generation, lead gen, leadgen, lead management, lead nurturing, lead qualification, inbound lead, head office, student success,
student services, student affairs, student recruitment, student experience, student life, student support, student engagement,
student advisor, intern program, internship program, internship coordinator, trainee program, trainee programme, graduate program,
apprentice program, apprenticeship""",
}

_ALSO_LEADERSHIP = """
gm, general manager, country manager, executive director, prokurist, equity partner, operating partner, ^ partner $, ^ associé $,
^ socio $, ^ principal $"""

# Phrases by function: first what names it beyond doubt, then what may only colour it ("IT sales" is sales), then the bare occupation,
# and last the lead of the whole company. Within a step the leftmost counts.
FUNCTIONS: tuple[Mapping[str, str], ...] = (
    {
        "marketing": """
marketing*, *marketing, mktg, mkt, cmo, growth, brand, branding, demand gen, demand generation, lead generation, seo, sem, ppc,
communications, comms, communication, kommunikation, öffentlichkeitsarbeit, unternehmenskommunikation, public relations, pr,
content, copywriter, social media, community manager, advertising, campaign, campaigns, crm manager, events, event, marketer,
marketeer, media buyer, mercadeo, mercadotecnia, e commerce, ecommerce, web analytics, market research""",
        "sales": """
sales*, sale, cro, revenue, account executive, account manager, account management, account director, accountmanager, key account,
kam, client partner, sdr, ae, bdr, business development, bizdev, bd, biz dev, presales, pre sales, vertrieb*, *vertrieb, verkauf,
verkäufer, ventas, vendite, vendas, ventes, vendedor, vendedora, vendeur, vendeuse, commercial, commerciale, comercial, verkoop,
verkoper, territory, außendienst*, innendienst*, partnerships, alliances, channel, new business, market development, go to market,
gtm, quota, solutions engineer, solution engineer, geschäftsentwicklung""",
        "customer_success": """
customer success, client success, csm, customer experience, cx, customer onboarding, account onboarding, implementation, client
services, client relations, customer relations, customer care manager, renewals, kundenerfolg""",
        "support": """
support, customer service, customer support, customer care, help desk, helpdesk, service desk, call center, contact center,
kundenservice, kundendienst, kundenbetreuer, kundenberater, kundenbetreuung, technical account manager, servicetechniker, field
service, klantenservice""",
        "finance": """
finance*, finanz*, financial, financier, financiero, finanzas, fpna, kfm, private equity, accounting, accountant, accounts payable,
accounts receivable, controlling, controller, controle de gestion, contrôle de gestion, comptable, comptabilité, contable, contador,
buchhalt*, *buchhalter, boekhouder, bookkeeper, treasurer, treasury, tax, audit, auditor, payroll, investment, investor relations,
cfo, billing, actuary, underwriter, bank*, trader, corporate development, risk manager, risk officer, risk analyst, credit risk, of
risk, cxo risk, administrazione, ragioniere, daf, steuer*, kaufmännisch*, mna""",
        "legal": """
legal*, lawyer, attorney, counsel, paralegal, law, jurist, juriste, juridique, jurídico, recht*, *recht, anwalt, avocat, avocate,
abogado, abogada, avvocato, advogado, advogada, compliance, privacy, data protection, dpo, datenschutz*, contracts, contract
manager, clo, gdpr, governance, notar""",
        "hr": """
hr, hrbp, human resources, human resource, people, people operations, talent, recruiting, recruiter, recruitment, recrutement,
personal $, personalab*, personalwes*, personalref*, personalent*, personalman*, personalber*, personalsach*, personalverant*,
personallei*, personaldienst*, drh, chro, ressources humaines, rh, recursos humanos, risorse umane, rrhh, employee experience,
compensation, learning development, lnd, culture, diversity, dei, headhunter, head hunter, sourcer, hris, organizational
development, organisational development, workforce""",
        "procurement": """
procurement, purchasing, purchaser, sourcing, strategic sourcing, buyer, category manager, vendor management, supplier, einkauf*,
*einkauf, einkäufer, achats, acheteur, acheteuse, compras, comprador, compradora, acquisti, inkoop*, inkoper, beschaffung*,
commodity manager""",
        "security": """
security, cybersecurity, cyber, infosec, ciso, vciso, it security, information security, security engineer, soc, penetration tester,
pentester, appsec, devsecops, iam, informationssicherheit, it sicherheit, sécurité, seguridad, sicurezza, threat""",
        "quality_regulatory": """
quality*, qualität*, qualité, calidad, qualità, qualidade, kwaliteit*, qa, qc, qms, qm, qmb, ra, regulatory*, regulierung,
zulassung, clinical affairs, post market surveillance, pms, prrc, vigilance, pharmacovigilance, gmp, validation, ehs, hse, qhse,
health and safety, safety, arbeitssicherheit, réglementaires, réglementaire, regulatorio, medical affairs, technical documentation""",
        "product": """
product manager, product owner, product management, productmanager, produktmanager, produktmanagement, product lead, cpo, cpto, cxo
product, chef de produit, jefe de producto, gerente de producto, gerente de produto, product operations, technical product manager,
head of product, group product""",
        "design": """
*designer, product design, product designer, ux, ui, designer, design, graphic, creative, art director, grafiker, user experience,
illustrator, diseñador, diseñadora, animator, photographer""",
        "data": """
data science, data scientist, data engineer, data engineering, data analyst, data analytics, data architect, analytics, machine
learning, ml, ai, artificial intelligence, business intelligence, bi, ki, caio, cdao, cdo, cxo data, big data, data platform,
statistician, decision science""",
        "engineering": """
software engineer, software engineering, software developer, software architect, software development, software entwickler, web
developer, softwareentwicklung, frontend, front end, backend, back end, full stack, fullstack, devops, sre, site reliability,
platform engineer, platform engineering, mobile developer, cto, vcto, cxo technology, cxo technical, tech lead, qa engineer, qa
automation, test engineer, test automation, qa tester, sdet, design engineer, engineering manager, ingénierie""",
        "it": """
it manager, it director, it leiter, it administrator, it admin, it support, it specialist, it project, it service, it services, it
operations, system administrator, systems administrator, sysadmin, systemadministrator, information technology, cio, vcio, cxo
information $, cxo digital, cxo information officer, enterprise architect, network engineer, network administrator, infrastructure,
informatique, informatik*, informática, ict, salesforce, database, ti, sap, erp, dsi, edv""",
        "operations": """
chief of staff, chef de cabinet, supply chain, logistics, logistik*, logistique, logística, coo, cxo operating, executive assistant,
personal assistant, office manager, office management, revops, revenue operations, business operations, facility, facilities, plant,
warehouse, production, produktion*, produktions*, manufacturing, fertigung*, pmo, fulfillment, lean, maintenance, instandhaltung""",
        "research": """
research and development, research development, rnd, fne, forschung entwicklung, research scientist, user research, user researcher,
research associate, clinical research, chercheur, chercheuse, postdoc, wissenschaftler, wissenschaftlich*""",
        "education": """
teacher, lehrer, *lehrer, professor, lecturer, dean, provost, tutor, faculty, school, instructional, student success, student
services, student affairs, teaching, academic, curriculum, enseignant, enseignante, profesor, profesora, docente, docent""",
        "healthcare": """
physician, doctor, nurse, nursing, surgeon, arzt, *arzt, dentist, pharmacist, medical director, medical doctor, therapist, médecin,
médico, patient""",
        "consulting": "management consultant, strategy consultant, managing consultant, unternehmensberater, management consulting",
    },
    {
        "it": """
it, technology, information, systems, system, network, netzwerk*, digitalization, digitalisierung, digital transformation,
informatica, cloud""",
        "product": "product*, produkt*, produit, produits, producto, produto, prodotto",
        "data": "data, daten*, insights",
        "engineering": """
engineering, software*, entwicklung*, *entwicklung, development, développement, desarrollo, sviluppo, ontwikkeling, technical,
technique, technisch*, techn, director técnico, direttore tecnico, eng, konstrukt*, tech""",
        "research": "research*, forschung*, recherche, investigación, ricerca, scientific, clinical, innovation, r d, laboratory, lab",
        "operations": """
operations, ops, operation, operative, betrieb*, operaciones, opérations, operazioni, operações, process, prozess*, coo, project,
projects, projekt*, projet, projets, proyecto, proyectos, progetto, projetos, program, programme, transformation, strategy, office,
administration, administrativ*, amministrativ*, administratif, store, werkleiter, werksleiter, filial*, niederlassung*""",
        "education": "training, education, ausbildung, enablement, formation, bildung",
        "healthcare": "medical, health, healthcare, medizin*",
        "customer_success": "customer, client, clientèle, kunden*, onboarding",
    },
    {
        "engineering": """
engineer, ingenieur, *ingenieur, ingénieure, ingeniero, ingeniera, ingegnere, engenheiro, engenheira, developer, développeur,
développeuse, desarrollador, desarrolladora, sviluppatore, ontwikkelaar, desenvolvedor, desenvolvedora, entwickler, *entwickler,
programmer, programmierer, architect, *architekt, architecte, architetto, arquitecto, technologist, tester""",
        "data": "analyst, analista, analyste",
        "research": "scientist, researcher",
        "consulting": "consultant, consultante, consultor, consultora, consulente, berater, *berater, consulting, conseil",
        "operations": """
projektleiter, projectmanager, projektmanager, projectleider, secretary, sekretär, secrétaire, assistante, assistant, assistent,
*assistent, assistenz, *assistenz, pa, ea, operator, receptionist, administrator, scrum master, agile coach, disponent, clerk,
sachbearbeiter""",
        "design": "creative, artist",
        "marketing": "writer, editor, redakteur, journalist, evangelist",
        "education": "trainer, coach, instructor, student, studente",
        "sales": "account",
        "-": "assistant manager, assistant director, assistant store, assistant vice, assistant professor, assistant general",
        "support": "technician, techniker, technicien, técnico",
    },
    {
        "leadership": f"{RANKS['c_level']}, {_ALSO_LEADERSHIP}",
        "-": RANKS["vp"],
    },
)

# What a medium or a source says. "paid" and "search" are no channels but lead to some; "-" says nothing.
TAGS = {
    "paid": "paid, cpc, ppc, cpv, ads, ad, sponsored, boosted, promoted, cost per click",
    "paid_search": "paid search, paidsearch, sem, adwords, gads, googleads, google ads, bing ads, microsoft ads",
    "paid_social": "paid social, paidsocial, social ads, social paid, facebook ads, linkedin ads, meta ads, instagram ads, twitter ads",
    "search": "search, google, bing, yahoo, duckduckgo, baidu, yandex, ecosia, qwant, startpage, naver, seznam",
    "organic": "organic, seo, organicsearch, organic search, natural",
    "social": """
organic social, organicsocial, social, socialmedia, social media, social network, sm, facebook, fb, meta, instagram, ig, linkedin,
li, twitter, tw, xing, tiktok, reddit, pinterest, snapchat, quora, threads, bluesky, bsky, mastodon, whatsapp, telegram, discord,
weibo, vk, hackernews""",
    "email": """
email, e mail, emailing, mail, mailing, newsletter, newsletters, edm, drip, nurture, hs email, hs automation, mailchimp, marketo,
pardot, klaviyo, sendgrid, brevo, mailjet, activecampaign, eloqua, gmail, outlook, signature""",
    "event": """
event, events, webinar, webinars, webcast, tradeshow, trade show, conference, seminar, workshop, roundtable, meetup, booth, messe,
expo, congress, summit, badge scan, field marketing""",
    "affiliate": "affiliate, affiliates, affiliation",
    "partner": """
partner, partners, partner referral, reseller, resellers, distributor, alliance, alliances, co marketing, comarketing, marketplace,
integration""",
    "outbound": """
outbound, cold, outreach, prospecting, sdr, bdr, sales, salesloft, sequence, direct mail, purchased list, list purchase, vendor
list, zoominfo, apollo, cognism""",
    "display": """
display, banner, banners, cpm, gdn, programmatic, retargeting, remarketing, expandable, interstitial, native, advertisement,
advertising, adroll, criteo, taboola, outbrain, content syndication, sponsorship, podcast, print, radio, tv, ooh, dv360""",
    "video": "video, videos, youtube, yt, vimeo, twitch, ctv",
    "ai": "ai, llm, chatgpt, openai, perplexity, claude, gemini, copilot, mistral, deepseek, grok",
    "referral": """
referral, referrals, referrer, link, backlink, word of mouth, pr, public relations, blog, guest post, press, g2, capterra, getapp,
trustradius""",
    "direct": "direct, typed, type in, bookmark",
    "-": "none, not set, not provided, null, undefined, na, n a, nan, unset, empty",
}

# Referrers by host: the longest known part of the host counts. A bare name stands for it under every suffix: google.de, google.co.uk.
HOSTS = {
    "search": """
google bing yahoo yandex baidu.com duckduckgo.com ecosia.org qwant.com startpage.com search.brave.com naver.com seznam.cz sogou.com
ask.com kagi.com swisscows.com mojeek.com search.aol.com so.com com.google.android.googlequicksearchbox""",
    "social": """
facebook.com fb.com fb.me messenger.com instagram.com linkedin.com lnkd.in twitter.com x.com t.co threads.net threads.com bsky.app
mastodon.social reddit.com pinterest tiktok.com xing.com quora.com tumblr.com vk.com weibo.com ok.ru snapchat.com discord.com t.me
telegram.org wa.me web.whatsapp.com whatsapp.com news.ycombinator.com com.linkedin.android com.facebook.katana com.twitter.android
com.reddit.frontpage""",
    "video": "youtube.com youtu.be vimeo.com twitch.tv dailymotion.com wistia.com bilibili.com",
    "email": """
mail.google.com mail.yahoo.com mail outlook.live.com outlook.office.com outlook.office365.com mail.ru navigator.gmx.net
navigator.web.de list-manage.com hubspotemail.net com.google.android.gm com.microsoft.office.outlook""",
    "ai": """
chatgpt.com chat.openai.com openai.com perplexity.ai claude.ai gemini.google.com copilot.microsoft.com copilot.cloud.microsoft
chat.mistral.ai deepseek.com grok.com meta.ai poe.com you.com phind.com""",
    "display": "doubleclick.net googlesyndication.com adroll.com criteo.com taboola.com outbrain.com adnxs.com",
    "paid_search": "googleadservices.com",
    "referral": """
docs.google.com drive.google.com sites.google.com calendar.google.com meet.google.com accounts.google.com groups.google.com
classroom.google.com finance.yahoo.com tv.naver.com""",
}

# What a campaign's name says about searches for a brand.
BRANDED = "brand, branded, brands, brandname, marke, marque, marca"
UNBRANDED = "non, no, not, nonbrand, nonbranded, unbranded, generic, generisch, awareness, competitor, competitors"

# User agents of machines that the library of crawlers lacks: scanners of links in mail, prefetchers, previews, scripts. Verbose.
MACHINES = r"""
(?<![Cc]u)[Bb]ot\b | [Cc]rawl | [Ss]pider | [Ss]crap(?:er|y) | [Ss]canner | [Uu]rl-?[Ss]can | [Hh]eadless | [Pp]re-?fetch | [Pp]review
| [Ll]ink-?[Cc]heck | [Mm]onitoring | [Hh]ealth-?[Cc]heck | Existence\ Discovery | Protocol\ Discovery
| (?i: barracuda | proofpoint | mimecast | safe-?links? | microsoft-atp | fireeye | trellix | sophos | symantec | messagelabs | ironport
  | forcepoint | trend\ ?micro | cloudmark | zscaler | fortiguard | fortimail | check\ ?point | avanan | vade\ ?(?:secure|retro) | cyren
  | egress | ironscales | hornetsecurity | retarus | spamexperts | bitdefender | kaspersky | mcafee | webroot | f-secure | withsecure
  | virustotal | netcraft | palo\ ?alto | abnormal\ ?security )
| ^(?: Java | Ruby | HTTPie | PostmanRuntime | Faraday | WinHttp | lua-resty-http | undici | got | node | Deno | Bun )(?: / | \s | $ )
| ^Mozilla/[45]\.0$
"""
