import { expect, test } from "vitest";
import { expectStatements, TooManyStatementsError } from "@/lib/sdk/src/database/expect";
import { statementsOf } from "@/lib/sdk/src/database/listeners";
import { beginStatement } from "@/lib/sdk/src/database/statement";
import { markTapped } from "@/lib/sdk/src/database/tapped";

const ask = (text: string): void => beginStatement(text, "postgresql")?.end(1);
const three = async (): Promise<string> => {
  ask("select a from t");
  await Promise.resolve();
  ask("select b from t where id = 1");
  ask("select b from t where id = 2");
  return "done";
};

test("as many as expected: it gives what the function gives", async () => {
  markTapped();
  expect(await expectStatements(3, three)).toBe("done");
});

test("more of them: an error that lists what ran, the most repeated first", async () => {
  markTapped();
  const error = await expectStatements(2, three).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(TooManyStatementsError);
  expect(error).toMatchObject({ name: "TooManyStatementsError", most: 2, statements: { count: 3, rows: 3 } });
  expect((error as Error).message).toBe(
    "3 statements ran, at most 2 were expected:\n  2 × select b from t where id = ?\n  1 × select a from t",
  );
});

test("a function that fails fails as it does, however many ran", async () => {
  markTapped();
  const failure = new Error("the function's own");
  const run = async (): Promise<void> => {
    await three();
    throw failure;
  };
  await expect(expectStatements(0, run)).rejects.toBe(failure);
});

test("expectations side by side, and within each other", async () => {
  markTapped();
  const inner = async (): Promise<void> => {
    await expectStatements(3, three);
    ask("select c from t");
  };
  await Promise.all([expectStatements(4, inner), expectStatements(3, three), expectStatements(0, () => undefined)]);
  await expect(expectStatements(3, inner)).rejects.toThrow("4 statements ran");
});

test("outside of any work nothing is counted", () => {
  ask("select 1");
  expect(statementsOf()).toBeUndefined();
});
