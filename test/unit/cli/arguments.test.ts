import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readInvocation } from "@/lib/cli/arguments";
import { backOffMs } from "@/lib/cli/child";

test("flags win over settings, in what is read and in what the children get", () => {
  const { command, env, config } = readInvocation(["start", "--port", "4001", "--host=0.0.0.0", "--data-dir", "/d"]);
  expect(command).toBe("start");
  expect(config).toMatchObject({ port: 4001, host: "0.0.0.0", dataDir: "/d", publicUrl: "http://127.0.0.1:4001" });
  expect(env).toMatchObject({ PORT: "4001", HOST: "0.0.0.0", TAILFILL_DATA_DIR: "/d", NEXT_TELEMETRY_DISABLED: "1" });
});

test("the demo has a data directory of its own, unless another is named", () => {
  expect(readInvocation(["demo"]).config.dataDir).toBe(".tailfill-demo");
  expect(readInvocation(["demo", "--data-dir", "/d"]).config.dataDir).toBe("/d");
  expect(readInvocation([]).config.dataDir).toBe(".tailfill");
});

test("a link is for an address", () => {
  expect(readInvocation(["link", "--email", "a@b.test", "--data-dir", "/d"])).toMatchObject({
    command: "link",
    email: "a@b.test",
    config: { dataDir: "/d" },
  });
});

test.each([
  [["stop"]],
  [["start", "now"]],
  [["start", "--prot", "1"]],
  [["start", "--port", "x"]],
  [["link"]],
  [["start", "--email", "a@b.test"]],
  [["start", "--only", "web"]], // on the embedded database
])("%j is refused", (argv) => {
  expect(() => readInvocation(argv)).toThrow(expect.objectContaining({ code: "bad_setting" }) as Error);
});

describe("a part of the server", () => {
  beforeEach(() => {
    vi.stubEnv("DATABASE_URL", "postgresql://db/x");
    vi.stubEnv("TAILFILL_SECRET", "x".repeat(32));
  });
  afterEach(() => void vi.unstubAllEnvs());

  test.each(["web", "worker"])("%s runs alone on a database of its own", (only) => {
    expect(readInvocation(["start", "--only", only])).toMatchObject({ command: "start", only });
    expect(readInvocation(["start"]).only).toBeUndefined();
  });

  test.each([[["start", "--only", "database"]], [["demo", "--only", "web"]], [["start", "--only"]]])(
    "%j is refused",
    (argv) => {
      expect(() => readInvocation(argv)).toThrow(expect.objectContaining({ code: "bad_setting" }) as Error);
    },
  );
});

test("pauses between restarts double up to half a minute", () => {
  expect([1, 2, 3, 7, 8, 50].map(backOffMs)).toEqual([250, 500, 1_000, 16_000, 30_000, 30_000]);
});
