-- The 25 criteria for PostgreSQL and Spark SQL, by hand, in the words that both know. servers.py puts in the names of
-- tables and of the double type, the instant, and numbers for ago(days).
with
acts as (
    select * from (
        select person_code, occurred, seats, case type
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
        end as kind
        from activities where occurred > ago(183) and occurred <= ago(0)
    ) classified where kind is not null
),
amounts as (
    select person_code,
        sum(case when kind = 1 and occurred > ago(30) then power({half}, (ago(0) - occurred) / cast(1209600000000 as {double})) end) as pricing,
        sum(case when kind <= 3 and occurred > ago(60) then power({half}, (ago(0) - occurred) / cast(604800000000 as {double})) end) as browsing,
        sum(case when kind = 4 then power({half}, (ago(0) - occurred) / cast(2592000000000 as {double})) end) as clicks,
        sum(case when kind in (5, 6) then power({half}, (ago(0) - occurred) / cast(3888000000000 as {double})) end) as downloads,
        count(*) filter (where kind = 5 and occurred > ago(90)) as case_study,
        count(*) filter (where kind = 7) as demo,
        count(*) filter (where kind = 8 and occurred > ago(90)) as webinar,
        count(*) filter (where kind = 2) as comparing,
        count(*) filter (where kind = 9) as replies,
        sum(seats) filter (where kind = 10) as seats,
        count(*) filter (where kind = 11 and occurred > ago(30)) as core_use,
        count(*) filter (where kind = 12) as logins
    from acts group by person_code
),
steps as (
    select person_code, occurred, kind,
        count(*) filter (where kind = 8) over span as webinars, count(*) filter (where kind = 1) over span as pricings,
        count(*) filter (where kind = 13) over span as trials, count(*) filter (where kind = 11) over span as uses
    from acts where kind in (1, 8, 11, 13) and person_code in (select person_code from acts where kind in (8, 13))
    window span as (partition by person_code order by occurred range between 259200000000 preceding and current row)
),
spans as (
    select person_code,
        bool_or(kind in (1, 8) and webinars >= 1 and pricings >= 2 and occurred > ago(90)) as hot_webinar,
        bool_or(kind in (11, 13) and trials >= 1 and uses >= 2 and occurred > ago(180)) as hot_trial
    from steps group by person_code
),
seen as (
    select person_code, max(occurred) as last_seen
    from activities where side in ('marketing', 'product') and occurred <= ago(0) group by person_code
),
points as (
    select person_id, p.account_id, seniority,
        case when seniority in ('director', 'vp', 'c_level') and employees >= 100 then 25000000 else 0 end as director,
        case when seniority in ('senior', 'manager') then 10000000 else 0 end as manager,
        case when employees >= 1001 then 20000000 when employees >= 101 then 10000000 when employees >= 11 then 5000000 else 0 end as size,
        case when revenue >= 100000000 then 10000000 when revenue >= 10000000 then 5000000 when revenue >= 1000000 then 2000000 else 0 end
            as revenue,
        case when industry in ('software', 'finance', 'healthcare') then 10000000 else 0 end as industry,
        case when country in ('US', 'GB', 'DE', 'FR') then 5000000 else 0 end as region,
        case when employees is null then -5000000 else 0 end as unknown_size,
        case when employees < 5 then -10000000 else 0 end as very_small,
        case when revenue / employees > 150000 then 7500000 else 0 end as productive,
        case when lower(country) = 'us' and industry = 'software' then 4000000 else 0 end as home_market,
        least(40000000, 20 * floor(coalesce(pricing, 0) * 1000000 + {guard})) as pricing,
        least(15000000, floor({half} * floor(coalesce(browsing, 0) * 1000000 + {guard}) + {guard})) as browsing,
        least(15000000, 3 * floor(coalesce(clicks, 0) * 1000000 + {guard})) as clicks,
        least(20000000, 5 * floor(coalesce(downloads, 0) * 1000000 + {guard})) as downloads,
        1000000 * least(30, 15 * coalesce(case_study, 0)) as case_study,
        case when demo >= 1 then 40000000 else 0 end as demo,
        1000000 * least(30, 10 * coalesce(webinar, 0)) as webinar,
        1000000 * least(24, 8 * coalesce(comparing, 0)) as comparing,
        1000000 * least(30, 10 * coalesce(replies, 0)) as replies,
        case when hot_webinar then 30000000 else 0 end as hot_webinar,
        1000000 * case when greatest(last_seen, created) is null then -2
             when greatest(last_seen, created) <= ago(14)
             then greatest(-20, -2 * (1 + floor((ago(14) - greatest(last_seen, created)) / cast(604800000000 as {double})))) else 0 end
            as gone_quiet,
        case when seats >= 5 then 20000000 else 0 end as seats,
        1000000 * least(30, 2 * coalesce(core_use, 0)) as core_use,
        1000000 * least(10, coalesce(logins, 0)) as logins,
        case when hot_trial then 25000000 else 0 end as hot_trial
    from people p
    left join accounts a on a.account_code = p.account_code and a.valid_from <= ago(0) and a.valid_to > ago(0)
    left join amounts on amounts.person_code = p.person_code
    left join spans on spans.person_code = p.person_code
    left join seen on seen.person_code = p.person_code
    where p.valid_from <= ago(0) and p.valid_to > ago(0) and (created is null or created <= ago(0))
),
grouped as (
    select points.*,
        least(60000000, director + manager + size + revenue + industry + region + unknown_size + very_small + productive + home_market) as fit,
        least(120000000, pricing + browsing + clicks + downloads + case_study + demo + webinar + comparing + replies + hot_webinar + gone_quiet)
            as engagement,
        seats + core_use + logins + hot_trial as usage
    from points
)
select person_id, account_id, {score} as score,
    concat(case when fit >= 40000000 then 'A' when fit >= 20000000 then 'B' else 'C' end,
           case when engagement >= 60000000 then '1' when engagement >= 30000000 then '2' else '3' end) as grade,
    {numbers},
    case when seniority = 'intern' then 'student' end as disqualified
from grouped order by fit + engagement + usage desc, person_id
