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
  "content",
  "feature",
  "form",
  "path",
  "renews_at",
  "score",
  "trial",
  "seats"
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
    "content",
    "feature",
    "form",
    "path",
    "renews_at",
    "score",
    "trial",
    "seats",
    is_view,
    occurred - lagInFrame(occurred, 1) OVER (
      PARTITION BY person_id, CASE WHEN person_id IS NULL THEN account_id END, is_view
      ORDER BY occurred, activity_id
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
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
      "content",
      "feature",
      "form",
      "path",
      "renews_at",
      "score",
      "trial",
      "seats",
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
        "content",
        "feature",
        "form",
        "path",
        "renews_at",
        "score",
        "trial",
        "seats"
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
          "content",
          "feature",
          "form",
          "path",
          "renews_at",
          "score",
          "trial",
          "seats",
          is_click,
          occurred - lagInFrame(occurred, 2) OVER (
            PARTITION BY person_id, is_click
            ORDER BY occurred, activity_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
          ) AS span_before,
          leadInFrame(occurred, 1) OVER (
            PARTITION BY person_id, is_click
            ORDER BY occurred, activity_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
          ) - lagInFrame(occurred, 1) OVER (
            PARTITION BY person_id, is_click
            ORDER BY occurred, activity_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
          ) AS span_around,
          leadInFrame(occurred, 2) OVER (
            PARTITION BY person_id, is_click
            ORDER BY occurred, activity_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
          ) - occurred AS span_after
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
            "content",
            "feature",
            "form",
            "path",
            "renews_at",
            "score",
            "trial",
            "seats",
            LOWER(type) LIKE '%click%' AND NOT (
              person_id IS NULL
            ) AS is_click
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
              "content",
              "feature",
              "form",
              "path",
              "renews_at",
              "score",
              "trial",
              "seats"
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
                "content",
                "feature",
                "form",
                "path",
                "renews_at",
                "score",
                "trial",
                "seats",
                ROW_NUMBER() OVER (
                  PARTITION BY activity_id
                  ORDER BY known, occurred, COALESCE(person_id, ''), COALESCE(account_id, ''), COALESCE(type, '')
                ) AS nth
              FROM (
                SELECT
                  nullIf("r"."id", '') AS activity_id,
                  nullIf("r"."contact_id", '') AS person_id,
                  nullIf(CAST("r"."company_id" AS Nullable(String)), '') AS account_id,
                  CAST(toUnixTimestamp64Micro(toDateTime64("r"."occurred_at", 6, 'UTC')) AS Nullable(Int64)) AS occurred,
                  CASE
                    WHEN CAST(toUnixTimestamp64Micro(toDateTime64("r"."received_at", 6, 'UTC')) AS Nullable(Int64)) > CAST(toUnixTimestamp64Micro(toDateTime64("r"."occurred_at", 6, 'UTC')) AS Nullable(Int64))
                    THEN CAST(toUnixTimestamp64Micro(toDateTime64("r"."received_at", 6, 'UTC')) AS Nullable(Int64))
                    ELSE CAST(toUnixTimestamp64Micro(toDateTime64("r"."occurred_at", 6, 'UTC')) AS Nullable(Int64))
                  END AS known,
                  nullIf("r"."type", '') AS type,
                  COALESCE(nullIf(LOWER(TRIM(nullIf("r"."side", ''))), ''), 'marketing') AS side,
                  COALESCE("r"."is_machine", FALSE) AS machine,
                  JSONExtract("r"."properties", 'content', 'Nullable(String)') AS "content",
                  JSONExtract("r"."properties", 'feature', 'Nullable(String)') AS "feature",
                  JSONExtract("r"."properties", 'form', 'Nullable(String)') AS "form",
                  JSONExtract("r"."properties", 'path', 'Nullable(String)') AS "path",
                  CAST(toUnixTimestamp64Micro(toDateTime64("r"."renews_at", 6, 'UTC')) AS Nullable(Int64)) AS "renews_at",
                  CASE
                    WHEN ABS(JSONExtract("r"."properties", 'score', 'Nullable(Float64)')) <= CAST(1.7976931348623157e308 AS Nullable(Float64))
                    THEN JSONExtract("r"."properties", 'score', 'Nullable(Float64)')
                  END AS "score",
                  JSONExtract("r"."properties", 'trial', 'Nullable(Bool)') AS "trial",
                  COALESCE(
                    CASE
                      WHEN ABS(CAST("r"."seats" AS Nullable(Float64))) <= CAST(1.7976931348623157e308 AS Nullable(Float64))
                      THEN CAST("r"."seats" AS Nullable(Float64))
                    END,
                    CASE
                      WHEN ABS(JSONExtract("r"."properties", 'seats', 'Nullable(Float64)')) <= CAST(1.7976931348623157e308 AS Nullable(Float64))
                      THEN JSONExtract("r"."properties", 'seats', 'Nullable(Float64)')
                    END
                  ) AS "seats"
                FROM crm.activities AS r
                WHERE
                  NOT (
                    nullIf("r"."id", '') IS NULL
                  )
                  AND NOT (
                    nullIf("r"."type", '') IS NULL
                  )
                  AND (
                    NOT (
                      nullIf("r"."contact_id", '') IS NULL
                    )
                    OR NOT (
                      nullIf(CAST("r"."company_id" AS Nullable(String)), '') IS NULL
                    )
                  )
                  AND "r"."occurred_at" >= toDateTime64('1970-01-01 00:00:00', 6, 'UTC')
                  AND "r"."occurred_at" < toDateTime64('2200-01-01 00:00:00', 6, 'UTC')
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
            WHEN occurred > {as_of: Int64} - 8035200000000
            AND NOT machine
            AND "path" LIKE '/pricing%'
            THEN 1
            ELSE 0
          END + CASE
            WHEN occurred > {as_of: Int64} - 2592000000000 AND starts_visit AND NOT machine
            THEN 16
            ELSE 0
          END
        )
        WHEN 'content_download'
        THEN (
          CASE
            WHEN occurred > {as_of: Int64} - 7862400000000
            AND NOT machine
            AND "content" = 'case_study'
            THEN 2
            ELSE 0
          END
        )
        WHEN 'contract_viewed'
        THEN (
          CASE
            WHEN occurred > {as_of: Int64} - 2592000000000
            AND NOT machine
            AND (
              (
                "renews_at" < 1798761600000000
              ) OR "trial"
            )
            THEN 8
            ELSE 0
          END
        )
        WHEN 'email_click'
        THEN (
          CASE
            WHEN occurred > {as_of: Int64} - 2592000000000 AND NOT machine
            THEN 32
            ELSE 0
          END
        )
        WHEN 'feature_used'
        THEN (
          CASE
            WHEN occurred > {as_of: Int64} - 8035200000000
            AND NOT machine
            AND "feature" IN ('workflow', 'integration')
            THEN 512
            ELSE 0
          END
        )
        WHEN 'form_submit'
        THEN (
          CASE
            WHEN occurred > {as_of: Int64} - 2592000000000
            AND NOT machine
            AND lowerUTF8("form") = 'demo'
            THEN 4
            ELSE 0
          END
        )
        WHEN 'seat_invited'
        THEN (
          CASE
            WHEN occurred > {as_of: Int64} - 2592000000000 AND NOT machine
            THEN 2048
            ELSE 0
          END
        )
        WHEN 'trial_started'
        THEN (
          CASE
            WHEN occurred > {as_of: Int64} - 8035200000000 AND NOT machine
            THEN 256
            ELSE 0
          END
        )
        WHEN 'visit'
        THEN (
          CASE
            WHEN occurred > {as_of: Int64} - 2592000000000 AND NOT machine
            THEN 16
            ELSE 0
          END
        )
        WHEN 'webinar_attended'
        THEN (
          CASE
            WHEN occurred > {as_of: Int64} - 8035200000000 AND NOT machine
            THEN 128
            ELSE 0
          END
        )
        ELSE 0
      END
    ) AS Nullable(Int64)) AS mask_0,
    CASE WHEN ABS("seats") < 1e300 THEN "seats" ELSE CAST(0 AS Nullable(Float64)) END AS value_0
  FROM canonical AS x
  WHERE
    known <= {as_of: Int64}
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
                "score" >= CAST(60.5e0 AS Nullable(Float64))
              )
              AND (
                (
                  "score" / nullIf(CAST(2 AS Nullable(Float64)), CAST(0 AS Nullable(Float64)))
                ) < CAST(100 AS Nullable(Float64))
              )
            )
            THEN 64
            ELSE 0
          END
        )
        ELSE 0
      END
    ) AS Nullable(Int64)) AS mask_0,
    CASE WHEN ABS("seats") < 1e300 THEN "seats" ELSE CAST(0 AS Nullable(Float64)) END AS value_0
  FROM canonical AS x
  WHERE
    known <= {as_of: Int64} AND type IN ('intent_surge')
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
      WHEN type = 'page_view' AND NOT machine AND "path" LIKE '/pricing%'
      THEN occurred
      WHEN type = 'content_download' AND NOT machine AND "content" = 'case_study'
      THEN occurred
      WHEN type = 'form_submit' AND NOT machine AND lowerUTF8("form") = 'demo'
      THEN occurred
      WHEN type = 'webinar_attended' AND NOT machine
      THEN occurred
    END
  ) AS last_10
FROM canonical AS x
WHERE
  known <= {as_of: Int64}
GROUP BY
  person_id;
