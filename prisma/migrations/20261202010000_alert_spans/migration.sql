-- Whether a member is well again and has not been for long enough: pages and receivers must not call it firing.
ALTER TABLE "alert_member" ADD COLUMN "recovering" BOOLEAN NOT NULL DEFAULT false;

-- The times in which a member fired before it fired again: charts mark them all.
CREATE TABLE "alert_span" (
    "incident_id" UUID NOT NULL,
    "rule_id" UUID NOT NULL,
    "series" TEXT NOT NULL,
    "fired_at" TIMESTAMPTZ(3) NOT NULL,
    "resolved_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "alert_span_pkey" PRIMARY KEY ("incident_id", "rule_id", "series", "fired_at")
);
