-- Where an attempt went. A receiver's address may change afterwards; everything else of a request is made anew from the event.
ALTER TABLE "alert_attempt" ADD COLUMN "address" TEXT;

-- Rules name receivers that exist: from now on that is checked when a rule is written, and a receiver that is removed leaves them.
UPDATE "alert_rule" r
SET "receivers" = known.ids, "definition" = jsonb_set(r."definition", '{receivers}', to_jsonb(known.ids))
FROM (
    SELECT "id", array(
        SELECT lower(u.one) FROM unnest("receivers") WITH ORDINALITY u(one, place)
        WHERE EXISTS (SELECT 1 FROM "alert_receiver" a WHERE a."id"::text = lower(u.one))
        ORDER BY u.place) AS ids
    FROM "alert_rule") known
WHERE known."id" = r."id" AND known.ids <> r."receivers";
