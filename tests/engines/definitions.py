"""The definition of design.md §3, with return visits and clicks besides, for tests that read SQL rather than scores."""

ACME = """
name: Acme MQL
signals:
  pricing_page: "page_view where path like '/pricing%'"
  case_study: "content_download where content = 'case_study'"
  demo_request: "form_submit where lower(form) = 'demo'"
  webinar: webinar_attended
  trial_started: trial_started
  seat_invited: seat_invited
  activated: "feature_used where feature in ('workflow', 'integration')"
  renewal_soon: "contract_viewed where renews_at < '2027-01-01' or trial"
  comes_back: visit
  click: email_click
  engaged: {any_of: [pricing_page, case_study, demo_request, webinar]}
  surge: {activity: intent_surge, where: "score >= 60.5 and score / 2 < 100", of: account}

groups:
  engagement:
    cap: 100
    scale: {by: 0.5, absent: engaged, for: 84d}
    criteria:
      pricing_page: {signal: pricing_page, points: 20, max: 40, within: 30d, half_life: 14d}
      case_study: {signal: case_study, points: 15, once_per: day, within: 90d}
      asked_for_demo: {signal: demo_request, points: 40, at_least: 1, within: 30d}
      renewal: {signal: renewal_soon, points: 5, at_least: 1, within: 30d}
      comes_back: {signal: comes_back, points: 3, max: 9, within: 30d}
      clicks: {signal: click, points: 1, max: 5, within: 30d}
      surge: {signal: surge, points: 20, cooldown: 90d, wait: 6d, within: 180d}
      hot_trial: {together: {webinar: 1, pricing_page: 2, trial_started: 1, activated: 1}, span: 72h, within: 90d, points: 30}
      gone_quiet: {absent: any, for: 14d, every: 7d, points: -2, max: 20}
  usage: {criteria: {seats: {signal: seat_invited, sum: seats, at_least: 5, points: 20, within: 30d}}}

tracks:
  mql: {when: "score >= 75 and engagement > 0"}
"""
