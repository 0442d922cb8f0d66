import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openUser } from "@/lib/sdk/src/pseudonym";
import { endpoints, tailUsers } from "@/lib/query/index";
import { repositoryRoot } from "@/lib/store/repository-root";
import type { Outcome } from "@/lib/wire/index";
import { bucketTop, exactPercentile, seeded } from "../query/support/oracle.ts";
import { testServer, type TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";

const DAY = 86_400_000;
const NOW = Date.now();

let server: TestServer;
let key: string;
let folder: string;

beforeAll(async () => {
  server = await testServer({ worker: true });
  key = await server.key("ingest");
  folder = mkdtempSync(join(tmpdir(), "tailfill-import-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
});

interface Request {
  atMs: number;
  route: string;
  path: string;
  user: string;
  status: number;
  latencyUs: number;
}

/** Requests over some days, in the order of a log. */
function requests(seed: number, { count, fromMs, toMs }: { count: number; fromMs: number; toMs: number }): Request[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, n) => {
    const id = Math.floor(random() * 10_000);
    const [route, path] = (
      [
        ["/users/:id/comments", `/users/${id}/comments`],
        ["/feed", "/feed"],
        ["/orders/:uuid", `/orders/${crypto.randomUUID()}`],
      ] as const
    )[Math.floor(random() * 3)]!;
    return {
      atMs: Math.floor((fromMs + ((toMs - fromMs) * n) / count) / 1_000) * 1_000,
      route,
      path,
      user: `u${Math.floor(random() ** 2 * 40)}`,
      status: [200, 200, 200, 304, 404, 499, 500][Math.floor(random() * 7)]!,
      latencyUs: Math.round(2_000 * Math.exp(random() * 6) + (route === "/feed" ? 40_000 : 0)) * 1_000,
    };
  }).map((one) => ({ ...one, latencyUs: Math.floor(one.latencyUs / 1_000_000) * 1_000 + 1_000 }));
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
function stamp(ms: number): string {
  const at = new Date(ms);
  const two = (n: number) => String(n).padStart(2, "0");
  const day = `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}`;
  return `${day}:${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`;
}

const nginxLine = ({ atMs, path, user, status, latencyUs }: Request): string =>
  `192.0.2.1 - ${user} [${stamp(atMs)}] "GET ${path} HTTP/1.1" ${status} 512 "-" "curl/8.5" ${(latencyUs / 1e6).toFixed(3)}\n`;
const apacheLine = ({ atMs, path, user, status, latencyUs }: Request): string =>
  `192.0.2.1 - ${user} [${stamp(atMs)}] "GET ${path} HTTP/1.1" ${status} 512 "-" "curl \\"8\\"" ${latencyUs}\n`;

function start(
  args: string[],
  input?: string | Buffer,
): { child: ChildProcess; done: Promise<{ code: number | null; out: string }> } {
  const environment = { ...process.env, TAILFILL_URL: server.url, TAILFILL_API_KEY: key };
  const child = spawn(process.execPath, [join(repositoryRoot(), "dist", "cli.js"), "import", ...args], {
    env: environment,
  });
  let out = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (out += String(data)));
  child.stdin.on("error", () => undefined).end(input ?? "");
  return { child, done: new Promise((done) => child.once("exit", (code) => done({ code, out }))) };
}

async function run(args: string[], input?: string | Buffer): Promise<string> {
  const { code, out } = await start(args, input).done;
  expect([code, out]).toEqual([0, out]);
  await until("history is folded", async () => (await server.db.importChunk.count()) === 0);
  return out;
}

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const outcomeOf = (status: number): Outcome =>
  status === 499 ? "aborted" : status >= 500 ? "server_error" : status >= 400 ? "client_error" : "ok";

/** Holds what the server tells of a service against the requests themselves. */
async function expectExactly(service: string, truth: readonly Request[]): Promise<void> {
  const question = { service, from: "now-399d", to: "now", percentiles: [50, 95, 99] };
  const { endpoints: rows } = await endpoints(server.db, question, Date.now());
  expect(rows.map(({ route }) => route).sort()).toEqual([...new Set(truth.map(({ route }) => route))].sort());
  for (const row of rows) {
    const own = truth
      .filter(({ route }) => route === row.route)
      .map((one) => ({ ...one, outcome: outcomeOf(one.status), service }));
    expect([row.route, row.count]).toEqual([row.route, own.length]);
    for (const outcome of ["ok", "client_error", "server_error", "aborted"] as const)
      expect(row.outcomes[outcome]).toBe(own.filter((one) => one.outcome === outcome).length);
    for (const q of [50, 95, 99]) {
      const exact = exactPercentile(own, q)!;
      expect(row.percentiles[`p${q}Us`]).toBe(bucketTop(exact));
      expect(Math.abs(row.percentiles[`p${q}Us`]! / exact - 1)).toBeLessThanOrEqual(0.01);
    }
  }
}

const LONG = { fromMs: NOW - 60 * DAY, toMs: NOW - 2 * 3_600_000 };

describe("access logs", () => {
  const truth = requests(1, { count: 6_000, ...LONG });
  const log = truth.map(nginxLine).join("");
  const asked = ["--service", "nginx", "--format", "nginx", "--user", "$remote_user"];

  test("of nginx: percentiles, counts and users are exact, and the same file counts once", async () => {
    const path = file("access.log", log);
    const first = await run([path, ...asked]);
    expect(first).toContain("Imported 6,000 requests at 3 endpoints.");
    await expectExactly("nginx", truth);
    const again = await run([path, ...asked]);
    expect(again).toContain("Imported 0 requests");
    expect(again).toContain(`${log.length.toLocaleString("en")} bytes had been imported before`);
    await run([file("access.log.1.gz", gzipSync(log)), ...asked]); // rotated and compressed, it is still the same
    await expectExactly("nginx", truth);
    const feed = await server.db.endpoint.findFirstOrThrow({ where: { route: "/feed", service: { name: "nginx" } } });
    const range = { from: "now-399d", to: "now", tail: 95, limit: 50 };
    const { users } = await tailUsers(server.db, { id: feed.id, ...range }, Date.now());
    for (const { user, count } of users)
      expect([user, count]).toEqual([user, truth.filter((one) => one.user === user && one.route === "/feed").length]);
  });

  test("a log that has grown goes on where it was, also behind an unfinished line", async () => {
    const lines = truth.slice(0, 400).map(nginxLine);
    const path = file("growing.log", lines.slice(0, 150).join("") + lines[150]!.slice(0, 60));
    const own = [path, "--service", "growing", "--format", "nginx"];
    expect(await run(own)).toContain("bytes behind the last line's end were left");
    appendFileSync(path, lines[150]!.slice(60) + lines.slice(151, 300).join(""));
    await run(own);
    writeFileSync(join(folder, "moved.log"), readFileSync(path));
    appendFileSync(join(folder, "moved.log"), lines.slice(300).join(""));
    await run([join(folder, "moved.log"), ...own.slice(1)]);
    await expectExactly("growing", truth.slice(0, 400));
  });

  test("another file that begins with the same line is another file", async () => {
    const own = ["--service", "alike", "--format", "nginx"];
    const lines = truth.slice(0, 120).map(nginxLine);
    await run([file("one.log", lines.slice(0, 50).join("")), ...own]);
    await run([file("two.log", [lines[0]!, ...lines.slice(50)].join("")), ...own]);
    await expectExactly("alike", [...truth.slice(0, 120), truth[0]!]);
  });

  test("of Apache, several files, and stdin", async () => {
    const own = ["--service", "apache", "--format", "apache"];
    const [one, two] = [truth.slice(0, 300), truth.slice(300, 600)];
    await run([
      file("a.log", one.map(apacheLine).join("")),
      file("b.log.gz", gzipSync(two.map(apacheLine).join(""))),
      ...own,
    ]);
    await run(["-", ...own], truth.slice(600, 900).map(apacheLine).join("").trimEnd());
    await expectExactly("apache", truth.slice(0, 900));
  });

  test("JSON lines, and sealed users", async () => {
    const pseudonym = Buffer.from(Array.from({ length: 32 }, (_, n) => (n * 37) % 251)).toString("base64");
    const some = truth.slice(0, 500);
    const lines = some.map(({ atMs, path, user, status, latencyUs }) =>
      JSON.stringify({
        at: new Date(atMs).toISOString(),
        request: `GET ${path} HTTP/2`,
        status,
        us: latencyUs,
        user: { id: user },
      }),
    );
    const fields = "time=at,request=request,status=status,duration=us:us,user=user.id";
    await run(
      ["-", "--service", "json", "--format", "json", "--fields", fields, "--pseudonym-key", pseudonym],
      lines.join("\n"),
    );
    await expectExactly("json", some);
    const labels = await server.db.userLabel.findMany({ where: { label: { startsWith: "s1_" } } });
    expect(new Set(labels.map(({ label }) => openUser(pseudonym, label)))).toEqual(
      new Set(some.map(({ user }) => user)),
    );
  });

  test("bad lines are counted by reason, and the rest is kept", async () => {
    const good = truth.slice(0, 20).map(nginxLine);
    const bad = [
      "nonsense\n",
      good[0]!.replace(" 200 ", " 999 ").replace(/" \d{3} 512/, '" 999 512'),
      good[1]!.replace("GET ", "\\x16\\x03 "),
      good[2]!.replace(/[\d.]+\n$/, "-\n"),
      good[3]!.replace(/\/20\d\d:/, "/2011:"),
      "\n",
      "# a comment\n",
    ];
    const out = await run(["-", "--service", "bad", "--format", "nginx"], [...good, ...bad].join(""));
    expect(out).toContain("Imported 20 requests");
    for (const line of [
      "1 lines left out: it is not of the format",
      "1 lines left out: its status is none of HTTP",
      "1 lines left out: its request is none of HTTP",
      "1 lines left out: its request time is missing, or no time",
      "1 lines left out: it is older than anything that is kept",
    ])
      expect(out).toContain(line);
    await expectExactly("bad", truth.slice(0, 20));
  });

  test("what is younger than an hour is left for later", async () => {
    const young = requests(5, { count: 40, fromMs: NOW - 2 * 3_600_000, toMs: NOW });
    const out = await run([
      file("young.log", young.map(nginxLine).join("")),
      "--service",
      "young",
      "--format",
      "nginx",
    ]);
    expect(out).toContain("run this again later");
    const kept = young.filter(({ atMs }) => atMs < NOW - 3_600_000);
    const question = { service: "young", from: "now-1d", to: "now", percentiles: [50] };
    const { endpoints: rows } = await endpoints(server.db, question, Date.now());
    const count = rows.reduce((sum, one) => sum + one.count, 0);
    expect(Math.abs(count - kept.length)).toBeLessThanOrEqual(1); // the clock has gone on meanwhile
  });

  test("a dry run tells the endpoints that would come out, and needs no server", async () => {
    const before = await server.db.importReceipt.count();
    const out = await run(["-", "--format", "nginx", "--dry-run", "--route", "/orders/:order"], log);
    expect(out).toContain("Would import 6,000 requests at 3 endpoints.");
    expect(out).toMatch(/\d  GET \/orders\/:order {3}\(\/orders\//);
    expect(out).toMatch(/\d  GET \/users\/:id\/comments {3}\(\/users\/\d+\/comments/);
    expect(await server.db.importReceipt.count()).toBe(before);
    const capped = await run(["-", "--format", "nginx", "--dry-run", "--max-routes", "1"], log);
    expect(capped).toContain("requests went to (other)");
  });
});

test("an import that is killed goes on where it was, and counts everything once", async () => {
  // Few requests share an hour, an endpoint and a user: chunks end at 20,000 histograms, so there are some.
  const truth = requests(9, { count: 120_000, fromMs: NOW - 300 * DAY, toMs: NOW - 20 * DAY });
  const path = file("large.log", truth.map(nginxLine).join(""));
  const args = [path, "--service", "killed", "--format", "nginx", "--user", "$remote_user"];
  const before = await server.db.importReceipt.count();
  for (let kill = 0; kill < 2; kill++) {
    const { child, done } = start(args);
    const known = await server.db.importReceipt.count();
    await until(
      "a chunk more is there",
      async () => child.exitCode !== null || (await server.db.importReceipt.count()) > known,
    );
    child.kill("SIGKILL");
    await done;
  }
  const out = await run(args);
  expect(out).toContain("bytes had been imported before");
  expect((await server.db.importReceipt.count()) - before).toBeGreaterThan(3);
  await expectExactly("killed", truth);
}, 300_000);

test("an HdrHistogram log", async () => {
  const { encodeV2Compressed } = await import("@/lib/histogram/index");
  const { payloadOf } = await import("../support/batches.ts");
  const begin = Math.floor((NOW - 5 * DAY) / 1_000);
  const histogram = (...us: number[]) => Buffer.from(encodeV2Compressed(payloadOf(...us))).toString("base64");
  const head = `#[BaseTime: ${begin}.000 (seconds since epoch)]\n"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"\n`;
  const lines = [
    `0.000,60.000,2.000,${histogram(1_000, 2_000)}\n`,
    `Tag=aborted,60.000,60.000,9.000,${histogram(9_000)}\n`,
    "nonsense\n",
  ];
  const path = file("latency.hlog", head + lines[0]!);
  const args = [path, "--service", "hlog", "--format", "hlog", "--route", "/from/a/log"];
  await run(args);
  appendFileSync(path, lines.slice(1).join(""));
  expect(await run(args)).toContain("1 lines left out: it is not of the format");
  const question = { service: "hlog", from: "now-10d", to: "now", percentiles: [50] };
  const { endpoints: rows } = await endpoints(server.db, question, Date.now());
  expect(rows.map(({ route, outcomes }) => [route, outcomes])).toEqual([
    ["/from/a/log", { ok: 2, client_error: 0, server_error: 0, aborted: 1 }],
  ]);
});

describe("what is asked for wrongly, or refused", () => {
  test.each([
    [[], "name at least one file"],
    [["-"], "--format is missing"],
    [["-", "--format", "nginx"], "--service is missing"],
    [["-", "--format", "nginx", "--service", "x", "--url", "ftp://x"], "--url must be"],
    [["-", "--format", "nginx", "--service", "x", "--key", "tf_x"], "--key must be"],
    [["-", "--format", "$status", "--service", "x"], "--format lacks"],
    [["-", "--format", "nginx", "--service", "x", "--since", "someday"], "--since must be"],
    [["-", "--format", "nginx", "--service", "x", "--nonsense"], "nonsense"],
    [["/nowhere/access.log", "--format", "nginx", "--service", "x"], "/nowhere/access.log cannot be read"],
    [["-", "--format", "hlog", "--service", "x"], "--route"],
    [["-", "--format", "nginx", "--service", "x", "--pseudonym-key", "secret"], "pseudonymKey must be"],
  ])("%j", async (args, says) => {
    const { code, out } = await start(args).done;
    expect([code, out.includes(says), out]).toEqual([1, true, out]);
  });

  test("a key that may not ingest", async () => {
    const reader = await server.key("read");
    const input = nginxLine(requests(2, { count: 1, ...LONG })[0]!);
    const { code, out } = await start(["-", "--format", "nginx", "--service", "x", "--key", reader], input).done;
    expect(code).toBe(1);
    expect(out).toContain("answered 403");
  });
});
