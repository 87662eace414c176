import time
from pathlib import Path
from leadline import Project
from tests.engines.tables import cursor, run
from tests.engines.definitions import ACME
def test_big(postgres, tmp_path):
    run(postgres, """create table people as select 'p'||n as person_id, 'a'||(n%2000) as account_id, timestamptz '2024-01-01' as created_at from generate_series(1,20000) n""",
    """create table activities as select lpad(n::text, 12, '0') as activity_id, 'p'||(1+(random()*20000)::int) as person_id, timestamptz '2025-01-01' + random()*interval '600 days' as occurred_at,
     (array['page_view','page_view','page_view','email_open','email_click','login','form_submit','content_download','feature_used','webinar_attended','seat_invited','trial_started','contract_viewed','intent_surge'])[1+(random()*13)::int] as type,
     jsonb_build_object('path', (array['/','/pricing','/docs','/blog/1'])[1+(random()*3)::int], 'content', (array['case_study','guide'])[1+(random()*1)::int], 'form', 'demo','feature','workflow','seats', (random()*5)::int, 'score', random()*100,'trial', random()<0.5) as properties
     from generate_series(1,1000000) n""", "alter table activities add column renews_at timestamp", "analyze activities")
    (tmp_path/"definition.yaml").write_text(ACME)
    (tmp_path/"leadline.yaml").write_text(f"engine: {postgres}\nfacts: {{people: people, activities: activities}}\n")
    for step in ("plain", "pk"):
        if step == "pk": run(postgres, "alter table activities add primary key (activity_id)", "create index on activities(person_id)")
        p = Project(tmp_path)
        t=time.time(); p.mirror; print(step, "mirror", time.time()-t)
        t=time.time(); p._plan; print("plan", time.time()-t)
        for _ in range(2):
            t=time.time(); b = p.score("2026-08-01"); print("pg", time.time()-t)
        t=time.time(); r=p.explain(b["person_id"][0].as_py(), "2026-08-01"); print("explain", time.time()-t)
        with cursor(postgres) as c:
            for mem in ("64MB",):
              for jit in ("on",):
                c.execute(f"set work_mem='{mem}'"); c.execute(f"set jit={jit}")
                c.execute("select set_config('leadline.as_of', '1785542400000000', false), set_config('leadline.person','p77',false), set_config('leadline.ids','[\"000000000077\"]',false)"); c.fetchall()
                for name in ("own","seen","theirs","own_story","stories_of"):
                    if name in p._plan.texts:
                        t=time.time(); c.execute(p._plan.texts[name]); n=c.fetch_arrow_table().num_rows; print(mem, jit, name, n, round(time.time()-t,2))
        p2 = Project(tmp_path); t=time.time(); p2.mirror; print("probe", time.time()-t)
