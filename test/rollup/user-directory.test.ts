import fc from "fast-check";
import { expect, test } from "vitest";
import { KnownUsers } from "@/lib/rollup/known-users";
import { UserDirectory } from "@/lib/rollup/user-directory";
import { keyOf, userKey } from "@/lib/store/user-key";
import { cleanName, OTHER_USERS } from "@/lib/wire/index";

const DAY = 86_400_000;
const find = (directory: UserDirectory, id: string, atMs = DAY) => {
  const bytes = new TextEncoder().encode(`--${id}--`);
  return directory.find(bytes, 2, bytes.length - 2, atMs);
};
const keyIn = (directory: UserDirectory, user: number) => keyOf(directory.highs[user]!, directory.lows[user]!);

test("every id has one number, and the key that the rest of the server computes", () => {
  const name = fc.string({ minLength: 1, maxLength: 30, unit: "binary" }).map(cleanName);
  fc.assert(
    fc.property(fc.array(name, { maxLength: 60 }), (ids) => {
      const directory = new UserDirectory(1, "shop");
      const numbers = new Map<string, number>();
      for (const id of [...ids, OTHER_USERS, ...ids]) {
        const user = find(directory, id);
        expect(numbers.get(id) ?? user).toBe(user);
        numbers.set(id, user);
        expect(keyIn(directory, user)).toBe(userKey("shop", id));
      }
      expect(directory.size).toBe(numbers.size);
      expect(new Map(directory.labels().map(({ label, key }) => [label, key]))).toEqual(
        new Map([...numbers.keys()].map((id) => [id, userKey("shop", id)])),
      );
    }),
    { numRuns: 300 },
  );
});

test("it grows, and finds all again", () => {
  const directory = new UserDirectory(1, "shop");
  for (let i = 0; i < 20_000; i++) expect(find(directory, `user-${i}`)).toBe(i);
  for (let i = 0; i < 20_000; i += 7) expect(find(directory, `user-${i}`)).toBe(i);
});

test("a label is offered until it is saved, and again on a later day", () => {
  const directory = new UserDirectory(3, "shop");
  find(directory, "42", 5 * DAY + 1);
  find(directory, "42", 5 * DAY);
  expect(directory.labels()).toEqual([{ serviceId: 3, key: userKey("shop", "42"), label: "42", seenMs: 5 * DAY + 1 }]);
  expect(directory.labels()).toHaveLength(1);
  directory.saved();
  find(directory, "42", 6 * DAY - 1);
  find(directory, "42", 4 * DAY);
  expect(directory.labels()).toEqual([]);
  find(directory, "42", 6 * DAY);
  expect(directory.labels()).toHaveLength(1);
});

test("when too many are remembered, all are forgotten between folds, and saved anew", () => {
  const known = new KnownUsers(2);
  const service = { id: 1, name: "shop" };
  for (const id of ["1", "2"]) find(known.of(service), id);
  known.saved();
  known.tidy();
  expect(known.of(service).size).toBe(2);
  find(known.of(service), "3");
  known.tidy();
  expect(known.of(service).size).toBe(0);
  find(known.of(service), "1");
  expect(known.labels()).toHaveLength(1);
});
