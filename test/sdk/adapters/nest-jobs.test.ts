import "reflect-metadata";
import { Controller, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { ClientProxyFactory, EventPattern, MessagePattern, Transport } from "@nestjs/microservices";
import { createServer, type AddressInfo } from "node:net";
import { firstValueFrom, from, lastValueFrom, toArray } from "rxjs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Job, TailfillModule } from "@/lib/sdk/src/adapters/nest";
import { onStatements } from "@/lib/sdk/src/database/listeners";
import { beginStatement } from "@/lib/sdk/src/database/statement";
import { markTapped } from "@/lib/sdk/src/database/tapped";
import { registry } from "@/lib/sdk/src/registry";
import { until } from "@/test/support/until";
import { recordingClient } from "./recording-client";

const client = recordingClient();
let statements: number[] = [];
const undo: (() => unknown)[] = [];
beforeEach(() => {
  client.samples.length = 0;
  statements = [];
});
afterAll(async () => {
  for (const each of undo.toReversed()) await each();
});

/** Handlers by name, with the decorator of each: the tests' compiler knows no decorators. */
function decorated(
  Target: new () => object,
  methods: Record<string, [MethodDecorator, (data: never) => unknown]>,
): void {
  for (const [name, [decorate, method]] of Object.entries(methods)) {
    Object.defineProperty(Target.prototype, name, { value: method, writable: true, configurable: true });
    const descriptor = Object.getOwnPropertyDescriptor(Target.prototype, name)!;
    const changed = decorate(Target.prototype, name, descriptor) ?? descriptor;
    Object.defineProperty(Target.prototype, name, changed as PropertyDescriptor);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("a microservice", () => {
  let caller: ReturnType<typeof ClientProxyFactory.create>;
  beforeAll(async () => {
    markTapped();
    undo.push(onStatements((ended) => statements.push(ended.statements.count)));
    class Handlers {}
    decorated(Handlers, {
      sum: [
        MessagePattern({ cmd: "sum" }),
        async (numbers: number[]) => {
          await Promise.resolve();
          beginStatement("select 1", "postgresql")?.end(1);
          return numbers.reduce((all, each) => all + each, 0);
        },
      ],
      fails: [MessagePattern("fails"), () => Promise.reject(new Error("on purpose"))],
      many: [MessagePattern("many"), () => from([1, 2, 3])],
      noted: [EventPattern("noted"), () => undefined],
    });
    Controller()(Handlers);
    class App {}
    Module({ imports: [TailfillModule.forRoot(client)], controllers: [Handlers] })(App);
    const options = { host: "127.0.0.1", port: await freePort() };
    const app = await NestFactory.createMicroservice(App, {
      transport: Transport.TCP,
      options,
      logger: false,
      abortOnError: false,
    });
    await app.listen();
    caller = ClientProxyFactory.create({ transport: Transport.TCP, options });
    await caller.connect();
    undo.push(
      () => app.close(),
      () => caller.close(),
    );
  });

  test("counts a message by its pattern, with its statements, and answers", async () => {
    expect(await firstValueFrom(caller.send({ cmd: "sum" }, [1, 2, 3]))).toBe(6);
    await until("it is counted", () => client.samples.length === 1);
    expect(client.samples).toMatchObject([{ method: "JOB", route: '{"cmd":"sum"}', outcome: "ok" }]);
    expect(statements).toEqual([1]);
  });

  test("counts one that fails as an error, and says so to the caller", async () => {
    await expect(firstValueFrom(caller.send("fails", 1))).rejects.toMatchObject({ status: "error" });
    expect(client.samples).toMatchObject([{ method: "JOB", route: "fails", outcome: "server_error" }]);
  });

  test("counts one of many answers once", async () => {
    expect(await lastValueFrom(caller.send("many", 1).pipe(toArray()))).toEqual([1, 2, 3]);
    await until("it is counted", () => client.samples.length === 1);
    expect(client.samples).toMatchObject([{ route: "many", outcome: "ok" }]);
  });

  test("counts events", async () => {
    caller.emit("noted", 1);
    await until("it is counted", () => client.samples.length === 1);
    expect(client.samples).toMatchObject([{ route: "noted", outcome: "ok" }]);
  });
});

describe("@Job", () => {
  test("counts a method by its name, keeps what Nest has left on it, and gives what it gives", async () => {
    class Mails {
      readonly sent = ["ada"];
    }
    const below: MethodDecorator = (_, __, descriptor) => {
      Reflect.defineMetadata("SCHEDULE_CRON_OPTIONS", "every hour", descriptor.value as object);
    };
    const both: MethodDecorator = (target, name, descriptor) => {
      below(target, name, descriptor);
      Job()(target, name, descriptor);
    };
    decorated(Mails, {
      send: [
        both,
        async function (this: Mails) {
          return this.sent.length;
        },
      ],
      clean: [Job("clean up"), () => "cleaned"],
    });
    registry().clients.set("test", client);
    const mails = new Mails() as Mails & { send(): Promise<number>; clean(): string };
    expect([await mails.send(), mails.clean()]).toEqual([1, "cleaned"]);
    registry().clients.delete("test");
    expect(client.samples).toMatchObject([
      { method: "JOB", route: "Mails.send", outcome: "ok" },
      { method: "JOB", route: "clean up", outcome: "ok" },
    ]);
    expect(Reflect.getMetadata("SCHEDULE_CRON_OPTIONS", mails.send)).toBe("every hour");
  });
});
