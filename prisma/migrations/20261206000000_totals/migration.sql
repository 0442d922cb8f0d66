-- Everything that was ever counted, so that counters of monitoring systems never go down. Roll-up adds to it what it has rolled up from
-- now on; the windows of before are not in it, and counting begins here.
CREATE TABLE "endpoint_total" (
    "endpoint_id" INTEGER NOT NULL,
    "start" TIMESTAMPTZ(3) NOT NULL,
    "part" BIGINT NOT NULL,
    "rolled" BOOLEAN NOT NULL DEFAULT false,
    "payload" BYTEA NOT NULL,

    CONSTRAINT "endpoint_total_pkey" PRIMARY KEY ("endpoint_id","start","part")
);
CREATE INDEX "endpoint_total_unrolled" ON "endpoint_total" ("start") WHERE NOT "rolled";
ALTER TABLE "endpoint_total" ALTER COLUMN "payload" SET STORAGE EXTERNAL;
ALTER TABLE "endpoint_total" SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);

-- The default is taken once for the endpoints that are there: the moment of this migration.
ALTER TABLE "endpoint" ADD COLUMN "counted_from" TIMESTAMPTZ(3) NOT NULL DEFAULT now();

CREATE TABLE "loss_total" (
    "service_id" INTEGER NOT NULL,
    "environment" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "count" BIGINT NOT NULL,

    CONSTRAINT "loss_total_pkey" PRIMARY KEY ("service_id","environment","reason")
);
INSERT INTO "loss_total" SELECT "service_id", "environment", "reason", least(sum("count"), 9007199254740991)::bigint FROM "loss" GROUP BY 1, 2, 3;

CREATE TABLE "refusal_total" (
    "code" TEXT NOT NULL,
    "count" BIGINT NOT NULL,

    CONSTRAINT "refusal_total_pkey" PRIMARY KEY ("code")
);
INSERT INTO "refusal_total" SELECT "code", sum("count")::bigint FROM "refusal" GROUP BY 1;
