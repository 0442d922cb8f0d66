import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { migrationProblems } from "@/test/support/migration-rules";

const FOLDER = "prisma/migrations";
const folders = readdirSync(FOLDER, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

test.each(folders)("the version before bears %s", (folder) => {
  expect(migrationProblems(readFileSync(join(FOLDER, folder, "migration.sql"), "utf8"))).toEqual([]);
});

describe("what the version before cannot bear", () => {
  test.each([
    [`DROP TABLE "loss";`, "drops a table"],
    [`DROP INDEX "loss_start_idx";`, "drops what"],
    [`ALTER TABLE "loss" DROP COLUMN "count";`, "drops a column"],
    [`ALTER TABLE "loss" ADD COLUMN "a" INTEGER, DROP COLUMN "count";`, "drops a column"],
    [`ALTER TABLE "loss" RENAME COLUMN "count" TO "n";`, "renames"],
    [`ALTER TABLE "loss" RENAME TO "lost";`, "renames"],
    [`ALTER TABLE "loss" ALTER COLUMN "reason" SET NOT NULL;`, "refuses rows"],
    [`ALTER TABLE "loss" ALTER COLUMN "reason" DROP DEFAULT;`, "takes away a default"],
    [`ALTER TABLE "loss" ALTER COLUMN "count" TYPE INTEGER;`, "changes a type"],
    [`ALTER TABLE "loss" ALTER COLUMN "count" SET DATA TYPE INTEGER;`, "changes a type"],
    [`ALTER TABLE "loss" ADD COLUMN "a" INTEGER NOT NULL;`, "adds a column"],
    [`ALTER TABLE "loss" ADD COLUMN "b" INT DEFAULT 1, ADD COLUMN "a" INTEGER NOT NULL;`, "adds a column"],
    [`ALTER TABLE "loss" ADD CONSTRAINT "c" CHECK (count > 0);`, "checks every row"],
    [`CREATE UNIQUE INDEX "u" ON "service"("name");`, "refuses rows"],
    [`CREATE INDEX "i" ON "user_window_1h"("start");`, "keeps every write"],
    [`-- a note\nUPDATE "user_label" SET "label" = '';`, "rewrites a big table"],
    [`BEGIN; CREATE TABLE "x" ("a" INT); COMMIT;`, "transaction control"],
  ])("%s", (sql, why) => {
    expect(migrationProblems(sql).join("\n")).toContain(why);
  });
});

test.each([
  `CREATE TABLE "x" ("a" INT); CREATE UNIQUE INDEX "u" ON "x"("a"); ALTER TABLE "x" ADD CONSTRAINT "c" CHECK (a > 0);`,
  `ALTER TABLE "loss" ADD COLUMN "a" INTEGER;`,
  `ALTER TABLE "loss" ADD COLUMN "a" INTEGER NOT NULL DEFAULT 0, ADD COLUMN "b" TEXT;`,
  `ALTER TABLE "loss" ADD CONSTRAINT "c" CHECK (count > 0) NOT VALID;`,
  `CREATE INDEX "i" ON "service"("name");`,
  `CREATE INDEX "i" ON ONLY "user_window_1h"("start");`,
  `-- unused since 20261205000000_otlp\nALTER TABLE "loss" DROP COLUMN "count";`,
  `UPDATE "alert_rule" SET "version" = 1;`,
  `CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN UPDATE batch SET slot = 1; END $$;`,
])("but it bears %s", (sql) => {
  expect(migrationProblems(sql)).toEqual([]);
});
