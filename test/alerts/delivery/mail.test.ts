import { type AddressInfo, createServer, type Server } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { networks } from "@/lib/alerts/delivery/addresses";
import { seal } from "@/lib/alerts/delivery/sealed";
import { send } from "@/lib/alerts/delivery/send";
import { NOON, told } from "./told.ts";

/** As much of a mail server as one mail needs. */
let server: Server;
let lines: string[] = [];
let replies: Record<string, string> = {};

const REPLIES: Record<string, string> = { EHLO: "250 hello", DATA: "354 go on", QUIT: "221 bye" };

beforeAll(async () => {
  server = createServer((socket) => {
    let isData = false;
    socket.on("error", () => undefined).write("220 test\r\n");
    socket.on("data", (chunk) => {
      for (const line of chunk.toString().split("\r\n").slice(0, -1)) {
        lines.push(line);
        const word = line.slice(0, 4).toUpperCase();
        if (isData && line !== ".") continue;
        isData = word === "DATA";
        const reply = replies[word] ?? REPLIES[word] ?? "250 ok";
        if (reply !== "") socket.write(`${reply}\r\n`);
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterAll(() => void server.close());
beforeEach(() => {
  lines = [];
  replies = {};
});

const ID = "019a0000-0000-7000-8000-000000000001";
const SECRET = "a secret of a test, with more than 32 bytes";

const sent = (limitMs?: number, isSet = true) =>
  send(
    {
      messageId: ID,
      receiverId: ID,
      kind: "email",
      sealed: seal({ to: ["a@example.com", "b@example.com"] }, ID, SECRET),
      payload: told(),
    },
    {
      now: () => NOON,
      secret: SECRET,
      guard: { allow: networks([]) },
      ...(isSet
        ? { mail: { url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, from: "tailfill@example.com" } }
        : {}),
      ...(limitMs === undefined ? {} : { limitMs }),
    },
  );

test("a mail goes to everybody, under the id of the event", async () => {
  expect(await sent()).toMatchObject({ status: 250, error: null });
  const text = lines.join("\n");
  expect(text).toContain("RCPT TO:<a@example.com>");
  expect(text).toContain("RCPT TO:<b@example.com>");
  expect(text).toContain(`Message-ID: <${ID}@tailfill>`);
  expect(text).toContain("Subject: [tailfill] Firing: count is slow");
  expect(text).toContain("Users in the tail: u_1842");
});

test("a server that refuses is told with its code", async () => {
  replies = { MAIL: "550 not from you" };
  expect(await sent()).toMatchObject({ status: 550, error: expect.stringContaining("not from you") as string });
});

test("a server that hangs is given up", async () => {
  replies = { EHLO: "" };
  expect(await sent(100)).toMatchObject({ status: null, error: expect.any(String) as string });
});

test("a server that never comes to the end of its answer is given up", async () => {
  replies = { EHLO: "" };
  let dripping: NodeJS.Timeout | undefined;
  server.once("connection", (socket) => {
    dripping = setInterval(() => socket.write("250-wait\r\n"), 10);
  });
  try {
    expect(await sent(200)).toMatchObject({ status: null, error: "It did not answer in time." });
  } finally {
    clearInterval(dripping);
  }
}, 5_000);

test("without a server nothing is sent, and the reader knows what to set", async () => {
  const error = expect.stringContaining("TAILFILL_SMTP_URL") as string;
  expect(await sent(undefined, false)).toMatchObject({ status: null, error });
});
