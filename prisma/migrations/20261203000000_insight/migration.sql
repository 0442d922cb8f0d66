-- What statements of apps are, by the id that their series carry.
CREATE TABLE "insight_statement" (
    "service_id" INTEGER NOT NULL,
    "id" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "insight_statement_pkey" PRIMARY KEY ("service_id", "id")
);
CREATE INDEX "insight_statement_last_at_idx" ON "insight_statement" ("last_at");

-- What query guards did, would do, or left alone.
CREATE TABLE "insight_kill" (
    "scope_id" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "id" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "pid" BIGINT NOT NULL,
    "age_ms" BIGINT,
    "application_name" TEXT,
    "endpoint" TEXT,
    "op" TEXT,
    "statement_id" TEXT,
    "reason" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "wait_event" TEXT,
    "outcome" TEXT,
    "after_ms" BIGINT,

    CONSTRAINT "insight_kill_pkey" PRIMARY KEY ("scope_id", "at", "id")
);
CREATE INDEX "insight_kill_at_idx" ON "insight_kill" ("at");
