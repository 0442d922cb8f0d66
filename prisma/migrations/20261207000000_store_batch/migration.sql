-- Stores a batch and its receipt, once for each id, in one round trip. What a batch came to: stored, or the digest of the one that is
-- known by this id. Two statements and no CTE, since Citus takes no INSERT in a CTE.
CREATE FUNCTION "store_batch"(
    new_slot SMALLINT, new_id UUID, new_day DATE, new_digest BYTEA, new_service TEXT, new_environment TEXT, new_payload BYTEA,
    OUT stored BOOLEAN, OUT digest BYTEA
) LANGUAGE plpgsql AS $$
DECLARE
    added BIGINT;
BEGIN
    SELECT r.digest INTO digest FROM batch_receipt r WHERE r.slot = new_slot AND r.id = new_id LIMIT 1;
    stored := digest IS NULL;
    IF NOT stored THEN
        RETURN;
    END IF;
    INSERT INTO batch_receipt (slot, id, day, digest) VALUES (new_slot, new_id, new_day, new_digest) ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS added = ROW_COUNT;
    stored := added = 1;
    IF stored THEN
        INSERT INTO batch (slot, id, service, environment, payload)
        VALUES (new_slot, new_id, new_service, new_environment, new_payload);
    ELSE
        -- Another request stored the same id meanwhile, and has committed since.
        SELECT r.digest INTO digest FROM batch_receipt r WHERE r.slot = new_slot AND r.id = new_id LIMIT 1;
    END IF;
END
$$;
