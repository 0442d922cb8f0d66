-- History that is imported: what waits to be folded, how far each source was imported, and where there is history.
CREATE TABLE "import_chunk" (
    "id" BIGSERIAL NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "payload" BYTEA NOT NULL,

    CONSTRAINT "import_chunk_pkey" PRIMARY KEY ("id")
);
ALTER TABLE "import_chunk" ALTER COLUMN "payload" SET STORAGE EXTERNAL;

CREATE TABLE "import_receipt" (
    "source" BYTEA NOT NULL,
    "digest" BYTEA NOT NULL,
    "from_digest" BYTEA,
    "upto" BIGINT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "import_receipt_pkey" PRIMARY KEY ("source","digest")
);
CREATE UNIQUE INDEX "import_receipt_source_from_digest_key" ON "import_receipt"("source", "from_digest");
CREATE INDEX "import_receipt_received_at_idx" ON "import_receipt"("received_at");

CREATE TABLE "import_history" (
    "scope_id" INTEGER NOT NULL,
    "from_at" TIMESTAMPTZ(3) NOT NULL,
    "to_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "import_history_pkey" PRIMARY KEY ("scope_id")
);
