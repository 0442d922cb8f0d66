import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url));
const alias = { "@": root.replace(/\/$/, "") };

/** Suites that need no database, no build and no browser: what `npm run verify` runs. */
const unit = [
  "test/histogram/**/*.test.ts",
  "test/wire/**/*.test.ts",
  "test/loading/**/*.test.ts",
  "test/sdk/!(pack-failure).test.ts", // which puts another module in the place of one that the others have loaded
  "test/sdk/cache/*.test.ts",
  "test/sdk/guard/*.test.ts",
  "test/sdk/database/*.test.ts",
  "test/sdk/counts/*.test.ts",
  "test/sdk/loading/unit/*.test.ts",
  "test/sdk/prefill/{budget,chance,decide,parts,plan,queue,events,engine}.test.ts",
  "test/prefill/**/*.test.ts",
  "test/alerts/*.test.ts",
  "test/alerts/delivery/*.test.ts",
  "test/unit/**/*.test.ts",
  "test/query/unit/**/*.test.ts",
  "test/components/**/*.test.{ts,tsx}",
];

export default defineConfig({
  test: {
    // Suites mostly wait: for a server to start, for a browser. By default two cores would get one worker.
    maxWorkers: 2,
    projects: [
      {
        resolve: { alias },
        // They share what they load, which takes a third less of the machine's time: they keep nothing in it.
        test: { name: "unit", include: unit, environment: "node", isolate: false, testTimeout: 60_000 },
      },
      {
        resolve: { alias },
        test: {
          name: "whole",
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: [...unit, "test/soak/**", "node_modules/**", "test/**/next-app/**"],
          environment: "node",
          testTimeout: 120_000,
          hookTimeout: 180_000,
          globalSetup: ["test/support/global-setup.ts"],
          setupFiles: ["test/support/citus-setup.ts"],
        },
      },
      {
        resolve: { alias },
        test: {
          name: "soak",
          include: ["test/soak/**/*.test.ts"],
          testTimeout: 3_600_000,
          globalSetup: ["test/support/global-setup.ts"],
        },
      },
    ],
  },
});
