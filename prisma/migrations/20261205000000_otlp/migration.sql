-- The last cumulative point of each series that comes by OTLP: the next one is counted as the difference.
CREATE TABLE "otlp_series" (
    "scope_id" INTEGER NOT NULL,
    "instance" BYTEA NOT NULL,
    "key" BYTEA NOT NULL,
    "time_ns" BIGINT NOT NULL,
    "last" JSONB,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "otlp_series_pkey" PRIMARY KEY ("scope_id", "instance", "key")
);
CREATE INDEX "otlp_series_seen_at_idx" ON "otlp_series" ("seen_at");

-- How far off percentiles may be that were read from the buckets of others, by service, environment and day.
CREATE TABLE "otlp_coarse" (
    "scope_id" INTEGER NOT NULL,
    "day" DATE NOT NULL,
    "error_percent" DOUBLE PRECISION NOT NULL,
    "above_us" DOUBLE PRECISION NOT NULL,
    "below_us" DOUBLE PRECISION,

    CONSTRAINT "otlp_coarse_pkey" PRIMARY KEY ("scope_id", "day")
);

-- When the requests of a service and environment were last told by spans: meanwhile its metrics count no second time.
CREATE TABLE "otlp_scope" (
    "scope_id" INTEGER NOT NULL,
    "spans_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "otlp_scope_pkey" PRIMARY KEY ("scope_id")
);
