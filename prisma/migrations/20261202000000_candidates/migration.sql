-- CreateTable
CREATE TABLE "prefill_candidate" (
    "scope_id" INTEGER NOT NULL,
    "user_key" BIGINT NOT NULL,
    "since_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "prefill_candidate_pkey" PRIMARY KEY ("scope_id","user_key","since_at")
);

-- CreateIndex
CREATE INDEX "prefill_candidate_scope_id_since_at_idx" ON "prefill_candidate"("scope_id", "since_at");
