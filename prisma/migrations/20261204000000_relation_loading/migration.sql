-- What statements requests run again and again: sums of one hour of one instance, as they were told last.
CREATE TABLE "insight_repeat" (
    "scope_id" INTEGER NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "endpoint" TEXT NOT NULL,
    "statement_id" TEXT NOT NULL,
    "instance" TEXT NOT NULL,
    "about" JSONB NOT NULL,

    CONSTRAINT "insight_repeat_pkey" PRIMARY KEY ("scope_id", "hour", "endpoint", "statement_id", "instance")
);
CREATE INDEX "insight_repeat_hour_idx" ON "insight_repeat" ("hour");

-- Trials of relation loading, likewise.
CREATE TABLE "insight_trial" (
    "scope_id" INTEGER NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "trial" TEXT NOT NULL,
    "instance" TEXT NOT NULL,
    "about" JSONB NOT NULL,

    CONSTRAINT "insight_trial_pkey" PRIMARY KEY ("scope_id", "hour", "trial", "instance")
);
CREATE INDEX "insight_trial_hour_idx" ON "insight_trial" ("hour");
