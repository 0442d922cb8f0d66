import { expect, test } from "vitest";
import { Turns } from "@/lib/sdk/src/prisma/counts/turns";
import { alone } from "@/lib/sdk/src/pg/gate";

/** Something that is over when it is said to be. */
function gate() {
  let open = (): void => undefined;
  const over = new Promise<void>((resolve) => (open = resolve));
  return { over, open };
}

test("who asks while a transaction is held waits, in order, also after a failure", async () => {
  const turns = new Turns();
  const seen: string[] = [];
  const say = (what: string) => turns.ask(async () => void seen.push(what));
  const first = gate();
  await say("before");
  const held = turns.hold(async () => {
    seen.push("begin");
    await first.over;
    seen.push("end");
    throw new Error("stopped");
  });
  const waiting = [say("a"), turns.hold(async () => void seen.push("second")), say("b")];
  expect(seen).toEqual(["before", "begin"]);
  first.open();
  await expect(held).rejects.toThrow("stopped");
  await Promise.all(waiting);
  expect(seen).toEqual(["before", "begin", "end", "a", "second", "b"]);
});

test("two never hold it at once", async () => {
  const turns = new Turns();
  let holding = 0;
  const most = await Promise.all(
    Array.from({ length: 20 }, () =>
      turns.hold(async () => {
        const now = ++holding;
        await Promise.resolve();
        await Promise.resolve();
        holding--;
        return now;
      }),
    ),
  );
  expect(Math.max(...most)).toBe(1);
});

test("a client of pg that is held gives its own query back, and what was asked waited", async () => {
  const seen: unknown[] = [];
  class Client {
    query(...args: unknown[]): unknown {
      seen.push(args[0]);
      const callback = args.find((each) => typeof each === "function") as ((error: null) => void) | undefined;
      if (callback === undefined) return Promise.resolve(args[0]);
      callback(null);
      return undefined;
    }
  }
  const client = new Client();
  const first = gate();
  const called = gate();
  const held = alone(client, async (ask) => {
    await ask("savepoint");
    await first.over;
    return ask("back");
  });
  await Promise.resolve();
  const cursor = { submit: () => undefined };
  const promise = client.query("insert") as Promise<unknown>;
  expect(client.query(cursor)).toBe(cursor);
  expect(client.query("update", called.open)).toBeUndefined();
  expect(seen).toEqual(["savepoint"]);
  first.open();
  expect(await held).toBe("back");
  expect(await promise).toBe("insert");
  await called.over;
  expect(seen).toEqual(["savepoint", "back", "insert", cursor, "update"]);
  expect(Object.hasOwn(client, "query")).toBe(false);
});
