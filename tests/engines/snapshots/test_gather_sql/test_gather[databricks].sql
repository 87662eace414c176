-- canonical activities
SELECT
  activity_id,
  person_id,
  account_id,
  occurred,
  known,
  type,
  side,
  machine,
  is_view AND (
    gap IS NULL OR gap >= 1800000000
  ) AS starts_visit,
  `content`,
  `feature`,
  `form`,
  `path`,
  `renews_at`,
  `score`,
  `trial`,
  `seats`
FROM (
  SELECT
    activity_id,
    person_id,
    account_id,
    occurred,
    known,
    type,
    side,
    machine,
    `content`,
    `feature`,
    `form`,
    `path`,
    `renews_at`,
    `score`,
    `trial`,
    `seats`,
    is_view,
    occurred - LAG(occurred, 1) OVER (
      PARTITION BY person_id, CASE WHEN person_id IS NULL THEN account_id END, is_view
      ORDER BY occurred, activity_id
    ) AS gap
  FROM (
    SELECT
      activity_id,
      person_id,
      account_id,
      occurred,
      known,
      type,
      side,
      machine,
      `content`,
      `feature`,
      `form`,
      `path`,
      `renews_at`,
      `score`,
      `trial`,
      `seats`,
      type = 'page_view' AND NOT machine AS is_view
    FROM (
      SELECT
        activity_id,
        person_id,
        account_id,
        occurred,
        known,
        type,
        side,
        paced.machine
        OR (
          is_click
          AND (
            COALESCE(span_before <= 1000000, FALSE)
            OR COALESCE(span_around <= 1000000, FALSE)
            OR COALESCE(span_after <= 1000000, FALSE)
          )
        ) AS machine,
        `content`,
        `feature`,
        `form`,
        `path`,
        `renews_at`,
        `score`,
        `trial`,
        `seats`
      FROM (
        SELECT
          activity_id,
          person_id,
          account_id,
          occurred,
          known,
          type,
          side,
          machine,
          `content`,
          `feature`,
          `form`,
          `path`,
          `renews_at`,
          `score`,
          `trial`,
          `seats`,
          is_click,
          occurred - LAG(occurred, 2) OVER (PARTITION BY person_id, is_click ORDER BY occurred, activity_id) AS span_before,
          LEAD(occurred, 1) OVER (PARTITION BY person_id, is_click ORDER BY occurred, activity_id) - LAG(occurred, 1) OVER (PARTITION BY person_id, is_click ORDER BY occurred, activity_id) AS span_around,
          LEAD(occurred, 2) OVER (PARTITION BY person_id, is_click ORDER BY occurred, activity_id) - occurred AS span_after
        FROM (
          SELECT
            activity_id,
            person_id,
            account_id,
            occurred,
            known,
            type,
            side,
            machine,
            `content`,
            `feature`,
            `form`,
            `path`,
            `renews_at`,
            `score`,
            `trial`,
            `seats`,
            LOWER(type) LIKE '%click%' AND NOT person_id IS NULL AS is_click
          FROM (
            SELECT
              activity_id,
              person_id,
              account_id,
              occurred,
              known,
              type,
              side,
              machine,
              `content`,
              `feature`,
              `form`,
              `path`,
              `renews_at`,
              `score`,
              `trial`,
              `seats`
            FROM (
              SELECT
                activity_id,
                person_id,
                account_id,
                occurred,
                known,
                type,
                side,
                machine,
                `content`,
                `feature`,
                `form`,
                `path`,
                `renews_at`,
                `score`,
                `trial`,
                `seats`,
                ROW_NUMBER() OVER (
                  PARTITION BY activity_id
                  ORDER BY known, occurred, COALESCE(person_id, ''), COALESCE(account_id, ''), COALESCE(type, '')
                ) AS nth
              FROM (
                SELECT
                  NULLIF(`r`.`id`, '') AS activity_id,
                  NULLIF(`r`.`contact_id`, '') AS person_id,
                  NULLIF(CAST(`r`.`company_id` AS STRING), '') AS account_id,
                  CAST(UNIX_MICROS(`r`.`occurred_at`) AS BIGINT) AS occurred,
                  CASE
                    WHEN CAST(UNIX_MICROS(`r`.`received_at`) AS BIGINT) > CAST(UNIX_MICROS(`r`.`occurred_at`) AS BIGINT)
                    THEN CAST(UNIX_MICROS(`r`.`received_at`) AS BIGINT)
                    ELSE CAST(UNIX_MICROS(`r`.`occurred_at`) AS BIGINT)
                  END AS known,
                  NULLIF(`r`.`type`, '') AS type,
                  COALESCE(NULLIF(LOWER(TRIM(NULLIF(`r`.`side`, ''))), ''), 'marketing') AS side,
                  COALESCE(`r`.`is_machine`, FALSE) AS machine,
                  GET_JSON_OBJECT(`r`.`properties`, '$.content') AS `content`,
                  GET_JSON_OBJECT(`r`.`properties`, '$.feature') AS `feature`,
                  GET_JSON_OBJECT(`r`.`properties`, '$.form') AS `form`,
                  GET_JSON_OBJECT(`r`.`properties`, '$.path') AS `path`,
                  CAST(UNIX_MICROS(CAST(`r`.`renews_at` AS TIMESTAMP)) AS BIGINT) AS `renews_at`,
                  CASE
                    WHEN ABS(TRY_CAST(GET_JSON_OBJECT(`r`.`properties`, '$.score') AS DOUBLE)) <= CAST(1.7976931348623157e308 AS DOUBLE)
                    THEN TRY_CAST(GET_JSON_OBJECT(`r`.`properties`, '$.score') AS DOUBLE)
                  END AS `score`,
                  TRY_CAST(GET_JSON_OBJECT(`r`.`properties`, '$.trial') AS BOOLEAN) AS `trial`,
                  COALESCE(
                    CASE
                      WHEN ABS(CAST(`r`.`seats` AS DOUBLE)) <= CAST(1.7976931348623157e308 AS DOUBLE)
                      THEN CAST(`r`.`seats` AS DOUBLE)
                    END,
                    CASE
                      WHEN ABS(TRY_CAST(GET_JSON_OBJECT(`r`.`properties`, '$.seats') AS DOUBLE)) <= CAST(1.7976931348623157e308 AS DOUBLE)
                      THEN TRY_CAST(GET_JSON_OBJECT(`r`.`properties`, '$.seats') AS DOUBLE)
                    END
                  ) AS `seats`
                FROM crm.activities AS r
                WHERE
                  NOT NULLIF(`r`.`id`, '') IS NULL
                  AND NOT NULLIF(`r`.`type`, '') IS NULL
                  AND (
                    NOT NULLIF(`r`.`contact_id`, '') IS NULL
                    OR NOT NULLIF(CAST(`r`.`company_id` AS STRING), '') IS NULL
                  )
                  AND `r`.`occurred_at` >= CAST('1970-01-01 00:00:00+00:00' AS TIMESTAMP)
                  AND `r`.`occurred_at` < CAST('2200-01-01 00:00:00+00:00' AS TIMESTAMP)
              ) AS typed
            ) AS numbered
            WHERE
              nth = 1
          ) AS once
        ) AS clicks
      ) AS paced
    ) AS marked
  ) AS viewed
) AS gaps;

-- activities of people
SELECT
  *
FROM (
  SELECT
    person_id,
    activity_id,
    occurred,
    CAST((
      CASE type
        WHEN 'page_view'
        THEN (
          CASE
            WHEN occurred > :as_of - 8035200000000 AND NOT machine AND `path` LIKE '/pricing%'
            THEN 1
            ELSE 0
          END + CASE
            WHEN occurred > :as_of - 2592000000000 AND starts_visit AND NOT machine
            THEN 16
            ELSE 0
          END
        )
        WHEN 'content_download'
        THEN (
          CASE
            WHEN occurred > :as_of - 7862400000000 AND NOT machine AND `content` = 'case_study'
            THEN 2
            ELSE 0
          END
        )
        WHEN 'contract_viewed'
        THEN (
          CASE
            WHEN occurred > :as_of - 2592000000000
            AND NOT machine
            AND (
              (
                `renews_at` < 1798761600000000
              ) OR `trial`
            )
            THEN 8
            ELSE 0
          END
        )
        WHEN 'email_click'
        THEN (
          CASE WHEN occurred > :as_of - 2592000000000 AND NOT machine THEN 32 ELSE 0 END
        )
        WHEN 'feature_used'
        THEN (
          CASE
            WHEN occurred > :as_of - 8035200000000
            AND NOT machine
            AND `feature` IN ('workflow', 'integration')
            THEN 512
            ELSE 0
          END
        )
        WHEN 'form_submit'
        THEN (
          CASE
            WHEN occurred > :as_of - 2592000000000 AND NOT machine AND LOWER(`form`) = 'demo'
            THEN 4
            ELSE 0
          END
        )
        WHEN 'seat_invited'
        THEN (
          CASE WHEN occurred > :as_of - 2592000000000 AND NOT machine THEN 2048 ELSE 0 END
        )
        WHEN 'trial_started'
        THEN (
          CASE WHEN occurred > :as_of - 8035200000000 AND NOT machine THEN 256 ELSE 0 END
        )
        WHEN 'visit'
        THEN (
          CASE WHEN occurred > :as_of - 2592000000000 AND NOT machine THEN 16 ELSE 0 END
        )
        WHEN 'webinar_attended'
        THEN (
          CASE WHEN occurred > :as_of - 8035200000000 AND NOT machine THEN 128 ELSE 0 END
        )
        ELSE 0
      END
    ) AS BIGINT) AS mask_0,
    CASE WHEN ABS(`seats`) < 1e300 THEN `seats` ELSE CAST(0 AS DOUBLE) END AS value_0
  FROM canonical AS x
  WHERE
    known <= :as_of
    AND type IN (
      'content_download',
      'contract_viewed',
      'email_click',
      'feature_used',
      'form_submit',
      'page_view',
      'seat_invited',
      'trial_started',
      'visit',
      'webinar_attended'
    )
) AS classified
WHERE
  mask_0 <> 0;

-- activities of accounts
SELECT
  *
FROM (
  SELECT
    account_id,
    activity_id,
    occurred,
    CAST((
      CASE type
        WHEN 'intent_surge'
        THEN (
          CASE
            WHEN NOT machine
            AND (
              (
                `score` >= CAST(60.5e0 AS DOUBLE)
              )
              AND (
                (
                  `score` / NULLIF(CAST(2 AS DOUBLE), CAST(0 AS DOUBLE))
                ) < CAST(100 AS DOUBLE)
              )
            )
            THEN 64
            ELSE 0
          END
        )
        ELSE 0
      END
    ) AS BIGINT) AS mask_0,
    CASE WHEN ABS(`seats`) < 1e300 THEN `seats` ELSE CAST(0 AS DOUBLE) END AS value_0
  FROM canonical AS x
  WHERE
    known <= :as_of AND type IN ('intent_surge')
) AS classified
WHERE
  mask_0 <> 0;

-- when signals were last seen
SELECT
  person_id,
  MAX(
    CASE
      WHEN NOT machine AND side = 'marketing'
      THEN occurred
      WHEN NOT machine AND side = 'product'
      THEN occurred
    END
  ) AS last_8,
  MAX(
    CASE
      WHEN type = 'page_view' AND NOT machine AND `path` LIKE '/pricing%'
      THEN occurred
      WHEN type = 'content_download' AND NOT machine AND `content` = 'case_study'
      THEN occurred
      WHEN type = 'form_submit' AND NOT machine AND LOWER(`form`) = 'demo'
      THEN occurred
      WHEN type = 'webinar_attended' AND NOT machine
      THEN occurred
    END
  ) AS last_10
FROM canonical AS x
WHERE
  known <= :as_of
GROUP BY
  person_id;
