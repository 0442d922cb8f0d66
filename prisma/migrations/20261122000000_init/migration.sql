-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "service" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "service_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "endpoint" (
    "id" SERIAL NOT NULL,
    "service_id" INTEGER NOT NULL,
    "environment" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "total" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "endpoint_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "release" (
    "service_id" INTEGER NOT NULL,
    "environment" TEXT NOT NULL,
    "release" TEXT NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "release_pkey" PRIMARY KEY ("service_id","environment","release")
);

-- CreateTable
CREATE TABLE "user_label" (
    "service_id" INTEGER NOT NULL,
    "user_key" BIGINT NOT NULL,
    "label" TEXT NOT NULL,
    "seen_on" DATE NOT NULL,

    CONSTRAINT "user_label_pkey" PRIMARY KEY ("service_id","user_key")
);

-- CreateTable
CREATE TABLE "loss" (
    "service_id" INTEGER NOT NULL,
    "environment" TEXT NOT NULL,
    "start" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "count" BIGINT NOT NULL,

    CONSTRAINT "loss_pkey" PRIMARY KEY ("service_id","environment","start","reason")
);

-- CreateTable
CREATE TABLE "refusal" (
    "start" TIMESTAMPTZ(3) NOT NULL,
    "code" TEXT NOT NULL,
    "count" BIGINT NOT NULL,

    CONSTRAINT "refusal_pkey" PRIMARY KEY ("start","code")
);

-- CreateTable
CREATE TABLE "batch" (
    "slot" SMALLINT NOT NULL,
    "id" UUID NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "payload" BYTEA NOT NULL,

    CONSTRAINT "batch_pkey" PRIMARY KEY ("slot","id")
);

-- CreateTable
CREATE TABLE "batch_receipt" (
    "slot" SMALLINT NOT NULL,
    "id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "digest" BYTEA NOT NULL,

    CONSTRAINT "batch_receipt_pkey" PRIMARY KEY ("slot","id","day")
) PARTITION BY RANGE ("day");

-- CreateTable
CREATE TABLE "endpoint_window_10s" (
    "endpoint_id" INTEGER NOT NULL,
    "start" TIMESTAMPTZ(3) NOT NULL,
    "part" BIGINT NOT NULL,
    "rolled" BOOLEAN NOT NULL DEFAULT false,
    "payload" BYTEA NOT NULL,

    CONSTRAINT "endpoint_window_10s_pkey" PRIMARY KEY ("endpoint_id","start","part")
) PARTITION BY RANGE ("start");

-- CreateTable
CREATE TABLE "endpoint_window_1m" (
    "endpoint_id" INTEGER NOT NULL,
    "start" TIMESTAMPTZ(3) NOT NULL,
    "part" BIGINT NOT NULL,
    "rolled" BOOLEAN NOT NULL DEFAULT false,
    "payload" BYTEA NOT NULL,

    CONSTRAINT "endpoint_window_1m_pkey" PRIMARY KEY ("endpoint_id","start","part")
) PARTITION BY RANGE ("start");

-- CreateTable
CREATE TABLE "endpoint_window_1h" (
    "endpoint_id" INTEGER NOT NULL,
    "start" TIMESTAMPTZ(3) NOT NULL,
    "part" BIGINT NOT NULL,
    "rolled" BOOLEAN NOT NULL DEFAULT false,
    "payload" BYTEA NOT NULL,

    CONSTRAINT "endpoint_window_1h_pkey" PRIMARY KEY ("endpoint_id","start","part")
) PARTITION BY RANGE ("start");

-- CreateTable
CREATE TABLE "user_window_1m" (
    "endpoint_id" INTEGER NOT NULL,
    "start" TIMESTAMPTZ(3) NOT NULL,
    "part" BIGINT NOT NULL,
    "key_low" BIGINT NOT NULL,
    "key_high" BIGINT NOT NULL,
    "users" INTEGER NOT NULL,
    "rolled" BOOLEAN NOT NULL DEFAULT false,
    "payload" BYTEA NOT NULL,

    CONSTRAINT "user_window_1m_pkey" PRIMARY KEY ("endpoint_id","start","part","key_low")
) PARTITION BY RANGE ("start");

-- CreateTable
CREATE TABLE "user_window_1h" (
    "endpoint_id" INTEGER NOT NULL,
    "start" TIMESTAMPTZ(3) NOT NULL,
    "part" BIGINT NOT NULL,
    "key_low" BIGINT NOT NULL,
    "key_high" BIGINT NOT NULL,
    "users" INTEGER NOT NULL,
    "rolled" BOOLEAN NOT NULL DEFAULT false,
    "payload" BYTEA NOT NULL,

    CONSTRAINT "user_window_1h_pkey" PRIMARY KEY ("endpoint_id","start","part","key_low")
) PARTITION BY RANGE ("start");

-- CreateTable
CREATE TABLE "user_window_1d" (
    "endpoint_id" INTEGER NOT NULL,
    "start" TIMESTAMPTZ(3) NOT NULL,
    "part" BIGINT NOT NULL,
    "key_low" BIGINT NOT NULL,
    "key_high" BIGINT NOT NULL,
    "users" INTEGER NOT NULL,
    "rolled" BOOLEAN NOT NULL DEFAULT false,
    "payload" BYTEA NOT NULL,

    CONSTRAINT "user_window_1d_pkey" PRIMARY KEY ("endpoint_id","start","part","key_low")
) PARTITION BY RANGE ("start");

-- CreateTable
CREATE TABLE "prefill_definition" (
    "endpoint_id" INTEGER NOT NULL,
    "scope_id" INTEGER NOT NULL,
    "ttl_seconds" INTEGER,
    "signals" TEXT[],
    "main_endpoint_id" INTEGER,
    "target_us" BIGINT,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "prefill_definition_pkey" PRIMARY KEY ("endpoint_id")
);

-- CreateTable
CREATE TABLE "prefill_setting" (
    "scope_id" INTEGER NOT NULL,
    "mode" TEXT NOT NULL DEFAULT 'observe',
    "mode_since" TIMESTAMPTZ(3) NOT NULL,
    "goal" TEXT NOT NULL DEFAULT 'slo',
    "target_us" BIGINT NOT NULL DEFAULT 500000,
    "budget_seconds_per_hour" DOUBLE PRECISION,
    "withheld_share" DOUBLE PRECISION NOT NULL DEFAULT 0.1,
    "hold_out_share" DOUBLE PRECISION NOT NULL DEFAULT 0.01,
    "hit_us" BIGINT,
    "concurrency" INTEGER NOT NULL DEFAULT 2,
    "foreground_p95_us" BIGINT,
    "salt" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_by" TEXT,

    CONSTRAINT "prefill_setting_pkey" PRIMARY KEY ("scope_id")
);

-- CreateTable
CREATE TABLE "prefill_decision" (
    "scope_id" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "id" UUID NOT NULL,
    "definition_id" INTEGER,
    "user_key" BIGINT,
    "signal" TEXT,
    "arm" SMALLINT,
    "use" REAL,
    "delta" REAL,
    "cost_us" BIGINT,
    "price" DOUBLE PRECISION,
    "target_us" BIGINT,
    "not_after" TIMESTAMPTZ(3),
    "state" SMALLINT,
    "took_us" BIGINT,
    "bytes" BIGINT,
    "visit_at" TIMESTAMPTZ(3),
    "cache" SMALLINT,
    "latency_us" BIGINT,

    CONSTRAINT "prefill_decision_pkey" PRIMARY KEY ("scope_id","at","id")
) PARTITION BY RANGE ("at");

-- CreateTable
CREATE TABLE "prefill_instance" (
    "scope_id" INTEGER NOT NULL,
    "instance" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "prefill_instance_pkey" PRIMARY KEY ("scope_id","instance")
);

-- CreateTable
CREATE TABLE "prefill_profile" (
    "endpoint_id" INTEGER NOT NULL,
    "layer" INTEGER NOT NULL,
    "key_low" BIGINT NOT NULL,
    "users" INTEGER NOT NULL,
    "payload" BYTEA NOT NULL,

    CONSTRAINT "prefill_profile_pkey" PRIMARY KEY ("endpoint_id","layer","key_low")
);

-- CreateTable
CREATE TABLE "prefill_profile_state" (
    "endpoint_id" INTEGER NOT NULL,
    "settled_upto" TIMESTAMPTZ(3) NOT NULL,
    "made_at" TIMESTAMPTZ(3),
    "took_ms" INTEGER NOT NULL DEFAULT 0,
    "users" INTEGER NOT NULL DEFAULT 0,
    "from_at" TIMESTAMPTZ(3),
    "miss" BYTEA,
    "hit" BYTEA,
    "loads" BIGINT NOT NULL DEFAULT 0,
    "load_us" BIGINT NOT NULL DEFAULT 0,
    "cold" BIGINT NOT NULL DEFAULT 0,
    "hours" INTEGER[],

    CONSTRAINT "prefill_profile_state_pkey" PRIMARY KEY ("endpoint_id")
);

-- CreateTable
CREATE TABLE "prefill_plan" (
    "scope_id" INTEGER NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "correction" DOUBLE PRECISION NOT NULL DEFAULT 1,
    "plan" BYTEA NOT NULL,
    "shown" BYTEA NOT NULL,

    CONSTRAINT "prefill_plan_pkey" PRIMARY KEY ("scope_id")
);

-- CreateTable
CREATE TABLE "prefill_forecast" (
    "scope_id" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "mode" TEXT NOT NULL,
    "budget_seconds_per_hour" DOUBLE PRECISION NOT NULL,
    "p99_before_us" BIGINT,
    "p99_after_us" BIGINT,
    "p99_low_us" BIGINT,
    "p99_high_us" BIGINT,

    CONSTRAINT "prefill_forecast_pkey" PRIMARY KEY ("scope_id","at")
);

-- CreateTable
CREATE TABLE "prefill_incident" (
    "id" SERIAL NOT NULL,
    "scope_id" INTEGER NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "kind" TEXT NOT NULL,
    "detail" JSONB NOT NULL,

    CONSTRAINT "prefill_incident_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "job_run" (
    "job" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "succeeded_at" TIMESTAMPTZ(3),
    "duration_ms" INTEGER,
    "error" TEXT,
    "runs" BIGINT NOT NULL DEFAULT 0,
    "failures" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "job_run_pkey" PRIMARY KEY ("job")
);

-- CreateTable
CREATE TABLE "user" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "email_verified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ip_address" TEXT,
    "user_agent" TEXT,
    "user_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "access_token" TEXT,
    "refresh_token" TEXT,
    "id_token" TEXT,
    "access_token_expires_at" TIMESTAMPTZ(3),
    "refresh_token_expires_at" TIMESTAMPTZ(3),
    "scope" TEXT,
    "password" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verification" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "verification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "link" (
    "token_hash" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "email" TEXT,
    "created_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "link_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "hash" BYTEA NOT NULL,
    "hint" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "scopes" TEXT[],
    "created_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sign_in_try" (
    "key" VARCHAR(255) NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "sign_in_try_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE UNIQUE INDEX "service_name_key" ON "service"("name");

-- CreateIndex
CREATE UNIQUE INDEX "endpoint_service_id_environment_method_route_key" ON "endpoint"("service_id", "environment", "method", "route");

-- CreateIndex
CREATE INDEX "user_label_service_id_label_idx" ON "user_label"("service_id", "label");

-- CreateIndex
CREATE INDEX "loss_start_idx" ON "loss"("start");

-- CreateIndex
CREATE INDEX "prefill_definition_scope_id_idx" ON "prefill_definition"("scope_id");

-- CreateIndex
CREATE INDEX "prefill_incident_scope_id_opened_at_idx" ON "prefill_incident"("scope_id", "opened_at");

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE UNIQUE INDEX "session_token_key" ON "session"("token");

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "session"("user_id");

-- CreateIndex
CREATE INDEX "account_user_id_idx" ON "account"("user_id");

-- CreateIndex
CREATE INDEX "verification_identifier_idx" ON "verification"("identifier");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");

-- AddForeignKey
ALTER TABLE "endpoint" ADD CONSTRAINT "endpoint_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account" ADD CONSTRAINT "account_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What follows is not expressible in schema.prisma; `prisma migrate diff` does not see it.

-- Parts that the next tier does not have yet: what roll-up takes, and what a query of a wider tier adds.
CREATE INDEX "endpoint_window_10s_unrolled" ON "endpoint_window_10s" ("start") WHERE NOT "rolled";
CREATE INDEX "endpoint_window_1m_unrolled" ON "endpoint_window_1m" ("start") WHERE NOT "rolled";
CREATE INDEX "endpoint_window_1h_unrolled" ON "endpoint_window_1h" ("start") WHERE NOT "rolled";
CREATE INDEX "user_window_1m_unrolled" ON "user_window_1m" ("start") WHERE NOT "rolled";
CREATE INDEX "user_window_1h_unrolled" ON "user_window_1h" ("start") WHERE NOT "rolled";
CREATE INDEX "user_window_1d_unrolled" ON "user_window_1d" ("start") WHERE NOT "rolled";

-- Batches live for seconds: compressing them would only cost time.
ALTER TABLE "batch" ALTER COLUMN "payload" SET STORAGE EXTERNAL;
ALTER TABLE "batch" SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);

-- Keys and histograms are dense already: compressing them saves little, costs roll-up more than the histograms themselves,
-- and undoing it costs a question more than merging them. Partitions inherit it.
ALTER TABLE "endpoint_window_10s" ALTER COLUMN "payload" SET STORAGE EXTERNAL;
ALTER TABLE "endpoint_window_1m" ALTER COLUMN "payload" SET STORAGE EXTERNAL;
ALTER TABLE "endpoint_window_1h" ALTER COLUMN "payload" SET STORAGE EXTERNAL;
ALTER TABLE "user_window_1m" ALTER COLUMN "payload" SET STORAGE EXTERNAL;
ALTER TABLE "user_window_1h" ALTER COLUMN "payload" SET STORAGE EXTERNAL;
ALTER TABLE "user_window_1d" ALTER COLUMN "payload" SET STORAGE EXTERNAL;

-- One row for all endpoints of a service and environment.
CREATE UNIQUE INDEX "endpoint_one_total" ON "endpoint" ("service_id", "environment") WHERE "total";

-- Plans and profiles are rewritten as a whole; both are dense or compressed already.
ALTER TABLE "prefill_profile" ALTER COLUMN "payload" SET STORAGE EXTERNAL;
ALTER TABLE "prefill_profile" SET (autovacuum_vacuum_scale_factor = 0.2, autovacuum_vacuum_cost_delay = 0);
ALTER TABLE "prefill_plan" ALTER COLUMN "plan" SET STORAGE EXTERNAL, ALTER COLUMN "shown" SET STORAGE EXTERNAL;
