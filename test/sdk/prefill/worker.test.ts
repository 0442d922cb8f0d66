import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { bullmqQueue } from "@/lib/sdk/src/prefill/queue-bullmq";
import { until } from "@/test/support/until";
import { frameworkProject, type Project } from "../packed/package";
import { appWith, USERS } from "./support/app";
import { BACKENDS } from "./support/backends";
import { planOf } from "./support/plans";
import { kill, WorkerProgram } from "./support/worker-program";

let project: Project;
beforeAll(async () => {
  project = await frameworkProject();
});
afterAll(() => project?.remove());

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

describe.each(BACKENDS)("tailfill-worker, with the queue on %s", (_, make) => {
  async function app() {
    const backend = await make();
    cleanup.push(() => backend.remove());
    const program = await WorkerProgram.make(project);
    const one = await appWith(bullmqQueue({ ...backend, onError: () => undefined }), cleanup);
    cleanup.push(() => program.stop());
    return { ...one, backend, program };
  }

  it("does what apps put into the queue, once for two workers, and ends in time when it is told to", async () => {
    const { program, backend, server, request, errors } = await app();
    const workers = [await program.start(backend, server.url), await program.start(backend, server.url)];
    await program.go();
    const users = USERS.slice(0, 20);
    for (const user of users) request(user);
    await until("all are filled", async () => (await program.said()).length === 40, 30_000);
    const begun = (await program.said()).filter(({ what }) => what === "begin");
    expect(begun.map(({ user }) => user).toSorted()).toEqual(users.toSorted());
    await until("all is told", () => server.of("fill").length === 20);
    expect(server.of("fill").every(({ state }) => state === "filled")).toBe(true);
    const start = performance.now();
    expect(await Promise.all(workers.map((worker) => kill(worker, "SIGTERM")))).toEqual([0, 0]);
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(errors).toEqual([]);
  });

  it("killed in the middle of a fill: another one does it again, and it is told once", async () => {
    const { program, backend, server, request } = await app();
    const first = await program.start(backend, server.url);
    request("user-1");
    await until("it fills", async () => (await program.said()).length === 1, 30_000);
    await kill(first);
    const second = await program.start(backend, server.url);
    await program.go();
    await until("it is told", () => server.of("fill").length > 0, 45_000);
    expect(server.of("fill")).toMatchObject([{ id: server.of("decision")[0]!.id, state: "filled" }]);
    expect((await program.said()).map(({ what, pid }) => [what, pid])).toEqual([
      ["begin", first.pid],
      ["begin", second.pid],
      ["end", second.pid],
    ]);
  });

  it("stops within 2 s when a person says so: what runs is aborted, and the rest is dropped", async () => {
    const { program, backend, server, request } = await app();
    await program.start(backend, server.url, ["--concurrency", "1"]);
    for (const user of USERS.slice(0, 5)) request(user);
    await until("one is filled", async () => (await program.said()).length === 1, 30_000);
    await until("all are decided on", () => server.of("decision").length === 5);
    const start = performance.now();
    server.plan(planOf({ mode: "stop" }));
    await until("all are dropped", () => server.of("fill").length === 5);
    expect(server.of("fill").every(({ state }) => state === "dropped")).toBe(true);
    // Events are gathered for two more.
    expect(performance.now() - start).toBeLessThan(4_500);
    expect((await program.said()).length).toBe(1);
  });
});

it("says what is missing, and exits with 1", async () => {
  const program = await WorkerProgram.make(project);
  cleanup.push(() => program.stop());
  const started = program.start({ url: "ftp://x", name: "x", remove: async () => undefined }, "");
  await expect(started).rejects.toThrow("TAILFILL_URL and TAILFILL_API_KEY");
});
