import { afterEach, describe, expect, expectTypeOf, test, vi } from "vitest";
import { within, newWork } from "@/lib/sdk/src/context";
import { onStatements } from "@/lib/sdk/src/database/listeners";
import { beginStatement } from "@/lib/sdk/src/database/statement";
import { markTapped } from "@/lib/sdk/src/database/tapped";
import { DisabledClient } from "@/lib/sdk/src/disabled-client";
import { INSIDE } from "@/lib/sdk/src/client-inside";
import { wrap } from "@/lib/sdk/src/wrap";
import { recordingClient } from "./adapters/recording-client";
import { runningClient } from "./support/running";

const cleanup: (() => unknown)[] = [];
afterEach(() => cleanup.splice(0).forEach((undo) => undo()));

interface Job {
  data: { userId: string };
}

test("a call is counted as a job under its name, with its user, and gives what the function gives", async () => {
  const client = recordingClient();
  const send = wrap(async (job: Job) => `sent to ${job.data.userId}`, {
    endpoint: "send mail",
    user: (job) => job.data.userId,
    client,
  });
  expectTypeOf(send).toExtend<(job: Job) => Promise<string>>();
  expect(await send({ data: { userId: "ada" } })).toBe("sent to ada");
  expect(client.samples).toMatchObject([{ method: "JOB", route: "send mail", outcome: "ok", user: "ada" }]);
  expect(client.samples[0]?.latencyUs).toBeGreaterThanOrEqual(0);
});

const failure = new Error("no mail today");

test.each([
  [
    "throws",
    (): unknown => {
      throw failure;
    },
  ],
  ["rejects", (): unknown => Promise.reject(failure)],
])("a call that %s is a server error, and fails as it would have", async (_, run) => {
  const client = recordingClient();
  const wrapped = wrap(run, { endpoint: "mail", client });
  await expect((async () => wrapped())()).rejects.toBe(failure);
  expect(client.samples).toMatchObject([{ outcome: "server_error" }]);
});

test("a function that waits for nothing answers at once", () => {
  const client = recordingClient();
  expect(wrap((a: number, b: number) => a + b, { endpoint: "add", client })(1, 2)).toBe(3);
  expect(client.samples).toHaveLength(1);
});

test("`this`, the name and the number of arguments stay", () => {
  const greet = wrap(
    function greeting(this: { name: string }, _one: number, _two: number, _three: number) {
      return `I am ${this.name}`;
    },
    { endpoint: "greet", client: recordingClient() },
  );
  expect([greet.call({ name: "ada" }, 1, 2, 3), greet.name, greet.length]).toEqual(["I am ada", "greeting", 3]);
});

test("calls side by side have their own statements", async () => {
  markTapped();
  const told = new Map<string, number>();
  cleanup.push(onStatements(({ route, statements }) => told.set(route, statements.count)));
  const client = recordingClient();
  const jobs = Array.from({ length: 8 }, (_, at) =>
    wrap(
      async () => {
        for (let n = 0; n < at; n++) {
          const statement = beginStatement("select 1", "postgresql");
          await new Promise(setImmediate);
          statement?.end(1);
        }
      },
      { endpoint: `job ${at}`, client },
    )(),
  );
  await Promise.all(jobs);
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(jobs.map((_, at) => [`job ${at}`, at])));
});

test("a query that begins when it is waited for begins within the job that returns it", async () => {
  markTapped();
  let counted = 0;
  cleanup.push(onStatements(({ statements }) => (counted = statements.count)));
  const lazy = {
    // oxlint-disable-next-line unicorn/no-thenable -- as Prisma's queries are
    then(resolve: (value: string) => void) {
      beginStatement("select 1", "postgresql")?.end(1);
      resolve("done");
    },
  };
  expect(await wrap(() => lazy, { endpoint: "lazy", client: recordingClient() })()).toBe("done");
  expect(counted).toBe(1);
});

describe("nothing of ours fails the function", () => {
  test("a `user` that throws is reported, and the call has no user", () => {
    const client = recordingClient();
    const user = (): string => {
      throw failure;
    };
    expect(wrap(() => "done", { endpoint: "mail", user, client })()).toBe("done");
    expect(client.samples).toMatchObject([{ user: undefined }]);
    expect(client.errors).toEqual([failure]);
  });

  test("a listener that throws is reported", () => {
    cleanup.push(
      onStatements(() => {
        throw failure;
      }),
    );
    const client = recordingClient();
    expect(wrap(() => "done", { endpoint: "mail", client })()).toBe("done");
    expect(client.errors).toEqual([failure]);
  });

  test("without a name it is counted as unmatched, and that is said once", () => {
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    cleanup.push(() => warned.mockRestore());
    const client = recordingClient();
    wrap(() => 1, { endpoint: "", client })();
    wrap(() => 1, { endpoint: undefined as unknown as string, client })();
    expect(client.samples.map(({ route }) => route)).toEqual(["(unmatched)", "(unmatched)"]);
    expect(warned).toHaveBeenCalledOnce();
  });

  test("a client that does nothing counts nothing", () => {
    expect(wrap(() => "done", { endpoint: "mail", client: new DisabledClient({}) })()).toBe("done");
  });
});

test("a job is no sign of its user: prefill is not told of it", () => {
  const { client } = runningClient("http://127.0.0.1:9");
  const heard: string[] = [];
  client[INSIDE].listener = (method, route) => heard.push(`${method} ${route}`);
  wrap(() => 1, { endpoint: "mail", client })();
  client.record("GET", "/", "ok", 1, "ada");
  expect(heard).toEqual(["GET /"]);
});

test("a job within a request is a part of it, as long as the request is open", () => {
  markTapped();
  const request = newWork({});
  const run = wrap(() => beginStatement("select 1", "postgresql")?.end(1), {
    endpoint: "mail",
    client: recordingClient(),
  });
  within(request, run);
  request.open = false;
  within(request, run);
  expect(request.statements?.summary(0)).toMatchObject({ count: 1, rows: 1, unfinished: 0 });
});
