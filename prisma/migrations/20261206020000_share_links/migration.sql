-- Links by which anybody sees one chart or table until they expire.
CREATE TABLE "share_link" (
    "id" UUID NOT NULL,
    "token_hash" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "endpoint_id" INTEGER,
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "range_from" TEXT NOT NULL,
    "range_to" TEXT NOT NULL,
    "users" BOOLEAN NOT NULL,
    "embedded_by" TEXT[],
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "share_link_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "share_link_token_hash_key" ON "share_link"("token_hash");
