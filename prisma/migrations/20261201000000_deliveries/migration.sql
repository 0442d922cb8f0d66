-- CreateTable
CREATE TABLE "alert_receiver" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "shown" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "off_reason" TEXT,
    "off_at" TIMESTAMPTZ(3),
    "failing_since" TIMESTAMPTZ(3),
    "failed_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT,

    CONSTRAINT "alert_receiver_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_delivery" (
    "id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "receiver_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "payload" JSONB,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3),
    "claimed_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "why" TEXT,

    CONSTRAINT "alert_delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_attempt" (
    "delivery_id" UUID NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "took_ms" INTEGER NOT NULL,
    "status" INTEGER,
    "error" TEXT,
    "answer" TEXT,

    CONSTRAINT "alert_attempt_pkey" PRIMARY KEY ("delivery_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "alert_receiver_name_key" ON "alert_receiver"("name");

-- CreateIndex
CREATE INDEX "alert_delivery_receiver_id_id_idx" ON "alert_delivery"("receiver_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "alert_delivery_message_id_receiver_id_key" ON "alert_delivery"("message_id", "receiver_id");

-- AddForeignKey
ALTER TABLE "alert_delivery" ADD CONSTRAINT "alert_delivery_receiver_id_fkey" FOREIGN KEY ("receiver_id") REFERENCES "alert_receiver"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert_attempt" ADD CONSTRAINT "alert_attempt_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "alert_delivery"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What follows is not expressible in schema.prisma; `prisma migrate diff` does not see it.

-- What waits is little, and looked for all the time.
CREATE INDEX "alert_delivery_waiting" ON "alert_delivery" ("next_at") WHERE "state" = 'waiting';
