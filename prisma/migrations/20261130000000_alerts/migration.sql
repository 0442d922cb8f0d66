-- CreateTable
CREATE TABLE "alert_rule" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "receivers" TEXT[],
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "source" TEXT NOT NULL DEFAULT 'api',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_by" TEXT,

    CONSTRAINT "alert_rule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_series" (
    "rule_id" UUID NOT NULL,
    "series" TEXT NOT NULL,
    "about" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "observed" JSONB,
    "why" TEXT,
    "active_at" TIMESTAMPTZ(3),
    "fired_at" TIMESTAMPTZ(3),
    "keep_until" TIMESTAMPTZ(3),
    "evaluated_at" TIMESTAMPTZ(3),
    "missing" INTEGER NOT NULL DEFAULT 0,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "resolved_ats" TIMESTAMPTZ(3)[],
    "incident_id" UUID,

    CONSTRAINT "alert_series_pkey" PRIMARY KEY ("rule_id","series")
);

-- CreateTable
CREATE TABLE "alert_incident" (
    "id" UUID NOT NULL,
    "group_key" TEXT NOT NULL,
    "rule_id" UUID NOT NULL,
    "rule_name" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "resolved_at" TIMESTAMPTZ(3),
    "acknowledged_at" TIMESTAMPTZ(3),
    "acknowledged_by" TEXT,
    "told_at" TIMESTAMPTZ(3),
    "told" TEXT[],
    "receivers" TEXT[],
    "wait_seconds" INTEGER NOT NULL,
    "interval_seconds" INTEGER NOT NULL,
    "repeat_seconds" INTEGER NOT NULL,

    CONSTRAINT "alert_incident_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_member" (
    "incident_id" UUID NOT NULL,
    "rule_id" UUID NOT NULL,
    "series" TEXT NOT NULL,
    "about" JSONB NOT NULL,
    "observed" JSONB,
    "fired_at" TIMESTAMPTZ(3) NOT NULL,
    "resolved_at" TIMESTAMPTZ(3),
    "reason" TEXT,
    "muted_by" TEXT,

    CONSTRAINT "alert_member_pkey" PRIMARY KEY ("incident_id","rule_id","series")
);

-- CreateTable
CREATE TABLE "alert_timeline" (
    "incident_id" UUID NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "detail" JSONB NOT NULL,

    CONSTRAINT "alert_timeline_pkey" PRIMARY KEY ("incident_id","id")
);

-- CreateTable
CREATE TABLE "alert_event" (
    "id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "receivers" TEXT[],
    "payload" JSONB NOT NULL,
    "fanned_at" TIMESTAMPTZ(3),

    CONSTRAINT "alert_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_silence" (
    "id" UUID NOT NULL,
    "matcher" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "from_at" TIMESTAMPTZ(3) NOT NULL,
    "to_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT,

    CONSTRAINT "alert_silence_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_maintenance" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "matcher" JSONB NOT NULL,
    "from_at" TIMESTAMPTZ(3) NOT NULL,
    "to_at" TIMESTAMPTZ(3) NOT NULL,
    "repeats" TEXT NOT NULL DEFAULT 'once',
    "until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT,

    CONSTRAINT "alert_maintenance_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_clock" (
    "id" INTEGER NOT NULL,
    "evaluated_at" TIMESTAMPTZ(3),
    "ran_at" TIMESTAMPTZ(3),

    CONSTRAINT "alert_clock_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_blind" (
    "from_at" TIMESTAMPTZ(3) NOT NULL,
    "to_at" TIMESTAMPTZ(3) NOT NULL,
    "why" TEXT NOT NULL,

    CONSTRAINT "alert_blind_pkey" PRIMARY KEY ("from_at")
);

-- CreateTable
CREATE TABLE "process_beat" (
    "process" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "process_beat_pkey" PRIMARY KEY ("process")
);

-- CreateIndex
CREATE UNIQUE INDEX "alert_rule_name_key" ON "alert_rule"("name");

-- CreateIndex
CREATE INDEX "alert_incident_opened_at_idx" ON "alert_incident"("opened_at");

-- CreateIndex
CREATE INDEX "alert_event_incident_id_idx" ON "alert_event"("incident_id");

-- CreateIndex
CREATE INDEX "alert_silence_to_at_idx" ON "alert_silence"("to_at");

-- CreateIndex
CREATE UNIQUE INDEX "alert_maintenance_name_key" ON "alert_maintenance"("name");

-- What follows is not expressible in schema.prisma; `prisma migrate diff` does not see it.

-- A group has one open incident, whatever workers do at the same time.
CREATE UNIQUE INDEX "alert_incident_one_open" ON "alert_incident" ("group_key") WHERE "resolved_at" IS NULL;

-- What is still to be fanned out is little, and looked for all the time.
CREATE INDEX "alert_event_waiting" ON "alert_event" ("at") WHERE "fanned_at" IS NULL;

-- Every evaluation rewrites the states: room on the page keeps that off the index.
ALTER TABLE "alert_series" SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);

INSERT INTO "alert_clock" ("id") VALUES (1);
