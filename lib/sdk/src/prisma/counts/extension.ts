import { settingsOf, type CountDefaults } from "../../counts/count.ts";
import { newWanted, wantedOf, wanting } from "./wanted.ts";

/** What Prisma gives to an extension of `count`. */
interface CountCall {
  model: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- each model has arguments of its own
  args: any;
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  query: (args: any) => PromiseLike<any>;
}

/**
 * An extension of Prisma's whose `count` answers approximate numbers, for an admin's lists and pagination only:
 * `const admin = prisma.$extends(approximateCounts())`. The number is exact below the threshold, an estimate above, and where
 * estimates are not to be trusted the least number that is known; never a zero that was not counted. It does
 * nothing on clients that `tailfillPrisma` did not make.
 *
 * @throws TypeError or RangeError for an option that is none
 */
export function approximateCounts(options: CountDefaults = {}) {
  settingsOf({}, options);
  return {
    name: "tailfill approximate counts",
    query: {
      $allModels: {
        count({ model, args, query }: CountCall): Promise<number> {
          // `$tailfill.count` of this client: it says itself what it wants.
          if (wantedOf(model) !== undefined) return query(args) as Promise<number>;
          const wanted = newWanted({ model, options, asNumber: true });
          return wanting(wanted, async () => (await query(args)) as number);
        },
      },
    },
  };
}
