import { expect, it } from "vitest";
import { memoryStore } from "@/lib/sdk/src/cache/default-store";
import { tagKey } from "@/lib/sdk/src/cache/keys";
import { turns } from "../support/fake-clock";
import { until } from "@/test/support/until";
import { define, order, SlowLoad } from "./defined";

it("removes one user's value", async () => {
  let loads = 0;
  const definition = define({ load: () => ++loads });
  await definition.get("ada");
  await definition.get("bob");
  await definition.invalidate("ada");
  expect([await definition.get("ada"), await definition.get("bob")]).toEqual([3, 2]);
});

it("removes all values with a tag, of all definitions", async () => {
  const store = memoryStore();
  let loads = 0;
  const one = define({ load: () => ++loads, tags: ["shop"] }, { store });
  const two = define({ load: () => ++loads, tags: (user) => [`team of ${user}`, "shop"] }, { store });
  const other = define({ load: () => ++loads, tags: ["blog"] }, { store });
  const all = async () => [await one.get("ada"), await two.get("ada"), await two.get("bob"), await other.get("ada")];
  expect(await all()).toEqual([1, 2, 3, 4]);
  await store.drop(tagKey("team of ada"));
  expect(await all()).toEqual([1, 5, 3, 4]);
  await store.drop(tagKey("shop"));
  expect(await all()).toEqual([6, 7, 8, 4]);
});

it.each(["key", "tag"])("voids a load under way, by %s: who comes after it computes anew", async (by) => {
  const store = memoryStore();
  const slow = new SlowLoad<string>();
  const definition = define({ load: slow.load, tags: ["t"] }, { store });
  const before = definition.get("ada");
  await until("it loads", () => slow.calls.length === 1);
  await (by === "key" ? definition.invalidate("ada") : store.drop(tagKey("t")));
  const after = definition.get("ada");
  await until("it loads again", () => slow.calls.length === 2);
  slow.calls[0]!.answer("old");
  expect(await before).toBe("old");
  slow.calls[1]!.answer("new");
  expect(await after).toBe("new");
  expect(await definition.get("ada")).toBe("new");
});

it.each(["key", "tag"])("voids a load that ends after the newer one, by %s", async (by) => {
  const store = memoryStore();
  const slow = new SlowLoad<string>();
  const definition = define({ load: slow.load, tags: ["t"] }, { store });
  const before = definition.get("ada");
  await until("it loads", () => slow.calls.length === 1);
  await (by === "key" ? definition.invalidate("ada") : store.drop(tagKey("t")));
  const after = definition.get("ada");
  await until("it loads again", () => slow.calls.length === 2);
  slow.calls[1]!.answer("new");
  expect(await after).toBe("new");
  slow.calls[0]!.answer("old");
  expect(await before).toBe("old");
  expect(await definition.get("ada")).toBe("new");
});

it("voids a fill under way, ends it, and leaves nothing behind", async () => {
  const slow = new SlowLoad<string>();
  const definition = define({ load: slow.load });
  const filled = definition.fill("ada", order());
  await until("it loads", () => slow.calls.length === 1);
  await definition.invalidate("ada");
  expect(await filled).toMatchObject({ state: "voided" });
  expect(slow.calls[0]!.signal.aborted).toBe(true);
  slow.calls[0]!.answer("old");
  expect(await definition.isCold("ada")).toBe(true);
});

it("lets those who waited for a voided fill have its value, and stores nothing", async () => {
  const slow = new SlowLoad<string>();
  const definition = define({ load: slow.load });
  const filled = definition.fill("ada", order());
  await until("it loads", () => slow.calls.length === 1);
  const waited = definition.get("ada");
  await turns();
  await definition.invalidate("ada");
  expect(slow.calls[0]!.signal.aborted).toBe(false);
  slow.calls[0]!.answer("old");
  expect(await filled).toMatchObject({ state: "voided" });
  expect(await waited).toBe("old");
  expect(await definition.isCold("ada")).toBe(true);
});
