-- The 25 criteria of definitions.py as DuckDB SQL by hand: what Leadline has to beat. Named blocks, read by rival.py.
--
-- What made it fast, each tried against the obvious way on 5 million activities:
--   * one pass classifies the rows of the last 183 days (the longest window and its span) into a small number, with
--     `case type when …`: a third of the time of one `filter (where type = … and path like …)` a criterion;
--   * decay is computed inside `case`, so only for the rows that need it (in `sum(pow(…)) filter (…)` it is for all);
--   * the last activity is a second, narrow scan of three columns, cheaper than carrying every row along;
--   * spans look only at people who did the rarer thing at all: 18,000 rows in place of 120,000 go into the window;
--   * points are whole millionths, so that sums and comparisons are exact.

-- name: settings
create macro micro(amount) as floor(coalesce(amount, 0) * 1e6 + 0.501)::bigint;
create macro ago(days) as getvariable('as_of') - (days * 86400000000)::bigint;
create macro known(occurred) as occurred > ago(183) and occurred <= getvariable('as_of');
create macro kind_of(type, path, content, form, feature, occurred) as (case type
    when 'page_view' then case when occurred > ago(93) then
        case when path like '/pricing%' then 1
             when occurred > ago(60) then case when path like '/compare/%' then 2 else 3 end end end
    when 'email_click' then case when occurred > ago(90) then 4 end
    when 'content_download' then case when occurred > ago(180) then case when content = 'case_study' then 5 else 6 end end
    when 'form_submit' then case when form = 'demo' and occurred > ago(30) then 7 end
    when 'webinar_attended' then case when occurred > ago(93) then 8 end
    when 'email_reply' then case when occurred > ago(60) then 9 end
    when 'seat_invited' then case when occurred > ago(30) then 10 end
    when 'feature_used' then case when feature in ('workflow', 'integration') then 11 end
    when 'login' then case when occurred > ago(30) then 12 end
    when 'trial_started' then 13
end)::utinyint;

-- name: mirror
create view activities as
select person_code as person, * exclude person_code from read_parquet(getvariable('folder') || '/activities-*.parquet');
create view classified as
select * from (
    select person, occurred, seats, kind_of(type, path, content, form, feature, occurred) as kind from activities where known(occurred)
) where kind is not null;
create view people as
select person_code as person, person_id, account_code as account, account_id, created, seniority, country
from read_parquet(getvariable('folder') || '/people.parquet')
where valid_from <= getvariable('as_of') and valid_to > getvariable('as_of');
create view accounts as
select account_code as account, employees, industry, revenue
from read_parquet(getvariable('folder') || '/accounts.parquet')
where valid_from <= getvariable('as_of') and valid_to > getvariable('as_of');

-- name: files
create view activities as
select person_id as person, epoch_us(occurred_at) as occurred, * exclude (person_id, occurred_at)
from read_parquet(getvariable('folder') || '/activities/*.parquet');
create view people as
select person_id as person, person_id, account_id as account, account_id, epoch_us(created_at) as created, seniority, country
from read_parquet(getvariable('folder') || '/people.parquet');
create view accounts as
select account_id as account, employees, industry, revenue from read_parquet(getvariable('folder') || '/accounts.parquet');

-- name: each_once
-- Every activity once, then the ones that count: right whatever a copy says. This form of `distinct on` is the fastest found.
create view classified as
select person, occurred, seats, kind from (
    select first(person) as person, first(occurred) as occurred, first(seats) as seats, first(kind) as kind from (
        select activity_id, person, occurred, seats,
               case when known(occurred) then kind_of(type, path, content, form, feature, occurred) end as kind
        from activities
    ) group by activity_id
) where kind is not null;

-- name: copies_alike
-- The ones that count, each once: half the time, and right only where copies are identical, as they are here.
create view classified as
select distinct on (activity_id) person, occurred, seats, kind from (
    select activity_id, person, occurred, seats, kind_of(type, path, content, form, feature, occurred) as kind
    from activities where known(occurred)
) where kind is not null;

-- name: score
copy (
with
acts as materialized (select * from classified),
sums as (
    select person,
        least(40000000, 20 * micro(sum(case when kind = 1 and occurred > ago(30) then pow(0.5, (getvariable('as_of') - occurred) / (14 * 86400e6)) end))) as pricing,
        least(15000000, floor(0.5 * micro(sum(case when kind <= 3 and occurred > ago(60) then pow(0.5, (getvariable('as_of') - occurred) / (7 * 86400e6)) end)) + 0.501)::bigint) as browsing,
        least(15000000, 3 * micro(sum(case when kind = 4 then pow(0.5, (getvariable('as_of') - occurred) / (30 * 86400e6)) end))) as clicks,
        least(20000000, 5 * micro(sum(case when kind in (5, 6) then pow(0.5, (getvariable('as_of') - occurred) / (45 * 86400e6)) end))) as downloads,
        least(30, 15 * count(*) filter (kind = 5 and occurred > ago(90))) * 1000000 as case_study,
        case when bool_or(kind = 7) then 40000000 else 0 end as demo,
        least(30, 10 * count(*) filter (kind = 8 and occurred > ago(90))) * 1000000 as webinar,
        least(24, 8 * count(*) filter (kind = 2)) * 1000000 as comparing,
        least(30, 10 * count(*) filter (kind = 9)) * 1000000 as replies,
        case when sum(seats) filter (kind = 10) >= 5 then 20000000 else 0 end as seats,
        least(30, 2 * count(*) filter (kind = 11 and occurred > ago(30))) * 1000000 as core_use,
        least(10, count(*) filter (kind = 12)) * 1000000 as logins
    from acts group by person
),
steps as (
    select person, occurred, kind,
        count(*) filter (kind = 8) over span as webinars, count(*) filter (kind = 1) over span as pricings,
        count(*) filter (kind = 13) over span as trials, count(*) filter (kind = 11) over span as uses
    from acts where kind in (1, 8, 11, 13) and person in (select person from acts where kind in (8, 13))
    window span as (partition by person order by occurred range between 3 * 86400000000 preceding and current row)
),
spans as (
    select person,
        case when bool_or(kind in (1, 8) and webinars >= 1 and pricings >= 2 and occurred > ago(90)) then 30000000 else 0 end as hot_webinar,
        case when bool_or(kind in (11, 13) and trials >= 1 and uses >= 2 and occurred > ago(180)) then 25000000 else 0 end as hot_trial
    from steps group by person
),
seen as (
    select person, max(occurred) filter (side in ('marketing', 'product')) as last_seen
    from activities where occurred <= getvariable('as_of') group by person
),
points as (
    select person_id, account_id, seniority,
        case when seniority in ('director', 'vp', 'c_level') and employees >= 100 then 25000000 else 0 end as director,
        case when seniority in ('senior', 'manager') then 10000000 else 0 end as manager,
        case when employees >= 1001 then 20000000 when employees >= 101 then 10000000 when employees >= 11 then 5000000 else 0 end as size,
        case when revenue >= 1e8 then 10000000 when revenue >= 1e7 then 5000000 when revenue >= 1e6 then 2000000 else 0 end as revenue,
        case when industry in ('software', 'finance', 'healthcare') then 10000000 else 0 end as industry,
        case when country in ('US', 'GB', 'DE', 'FR') then 5000000 else 0 end as region,
        case when employees is null then -5000000 else 0 end as unknown_size,
        case when employees < 5 then -10000000 else 0 end as very_small,
        case when revenue / employees > 150000 then 7500000 else 0 end as productive,
        case when lower(country) = 'us' and industry = 'software' then 4000000 else 0 end as home_market,
        coalesce(pricing, 0) as pricing, coalesce(browsing, 0) as browsing, coalesce(clicks, 0) as clicks, coalesce(downloads, 0) as downloads,
        coalesce(case_study, 0) as case_study, coalesce(demo, 0) as demo, coalesce(webinar, 0) as webinar, coalesce(comparing, 0) as comparing,
        coalesce(replies, 0) as replies, coalesce(hot_webinar, 0) as hot_webinar,
        coalesce(seats, 0) as seats, coalesce(core_use, 0) as core_use, coalesce(logins, 0) as logins, coalesce(hot_trial, 0) as hot_trial,
        case when greatest(last_seen, created) is null then -2
             when greatest(last_seen, created) <= ago(14)
             then greatest(-20, -2 * (1 + (ago(14) - greatest(last_seen, created)) // (7 * 86400000000))) else 0 end * 1000000 as gone_quiet
    from people left join accounts using (account) left join sums using (person) left join spans using (person) left join seen using (person)
    where created is null or created <= getvariable('as_of')
),
grouped as (
    select *,
        least(60000000, director + manager + size + revenue + industry + region + unknown_size + very_small + productive + home_market) as fit,
        least(120000000, pricing + browsing + clicks + downloads + case_study + demo + webinar + comparing + replies + hot_webinar + gone_quiet) as engagement,
        seats + core_use + logins + hot_trial as usage
    from points
),
banded as (
    select *, fit + engagement + usage as total,
        case when fit >= 40000000 then 'A' when fit >= 20000000 then 'B' else 'C' end as fit_band,
        case when engagement >= 60000000 then '1' when engagement >= 30000000 then '2' else '3' end as engagement_band,
        case when seniority = 'intern' then 'student' end as disqualified
    from grouped
)
select person_id, account_id, total / 1e6 as score, fit_band || engagement_band as grade,
    fit / 1e6 as fit, engagement / 1e6 as engagement, usage / 1e6 as usage, fit_band as "fit.band", engagement_band as "engagement.band",
    director / 1e6 as director, manager / 1e6 as manager, size / 1e6 as size, revenue / 1e6 as revenue, industry / 1e6 as industry,
    region / 1e6 as region, unknown_size / 1e6 as unknown_size, very_small / 1e6 as very_small, productive / 1e6 as productive,
    home_market / 1e6 as home_market, pricing / 1e6 as pricing, browsing / 1e6 as browsing, clicks / 1e6 as clicks,
    downloads / 1e6 as downloads, case_study / 1e6 as case_study, demo / 1e6 as demo, webinar / 1e6 as webinar,
    comparing / 1e6 as comparing, replies / 1e6 as replies, hot_webinar / 1e6 as hot_webinar, gone_quiet / 1e6 as gone_quiet,
    seats / 1e6 as seats, core_use / 1e6 as core_use, logins / 1e6 as logins, hot_trial / 1e6 as hot_trial,
    disqualified, null::varchar as suspended,
    case when disqualified is not null then []::varchar[] else list_concat(
        case when hot_webinar > 0 and fit > 0 then ['hot'] else []::varchar[] end,
        case when total >= 75000000 and fit > 0 and engagement > 0 then ['mql'] else []::varchar[] end) end as tracks
from banded order by total desc, person_id
) to '{out}' (format parquet)
