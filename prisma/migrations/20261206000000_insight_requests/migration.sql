-- Statements that were stopped while they ran, as apps have seen them end.
CREATE TABLE "insight_stop" (
    "scope_id" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "id" UUID NOT NULL,
    "by" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "pid" BIGINT,
    "endpoint" TEXT,
    "statement_id" TEXT,
    "user_id" TEXT,
    "trace_id" TEXT,
    "duration_us" BIGINT NOT NULL,
    "budget_ms" BIGINT,

    CONSTRAINT "insight_stop_pkey" PRIMARY KEY ("scope_id", "at", "id")
);
CREATE INDEX "insight_stop_at_idx" ON "insight_stop" ("at");

-- The slowest requests of each endpoint and hour, and what their time went to.
CREATE TABLE "insight_request" (
    "scope_id" INTEGER NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "endpoint" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "user_id" TEXT,
    "latency_us" BIGINT NOT NULL,
    "about" JSONB NOT NULL,

    CONSTRAINT "insight_request_pkey" PRIMARY KEY ("scope_id", "hour", "endpoint", "id")
);
CREATE INDEX "insight_request_hour_idx" ON "insight_request" ("hour");
