import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { newSecret, signedHeaders } from "@/lib/alerts/delivery/sign";

// The library looks at the clock of the machine: so do these.
const body = JSON.stringify({ type: "incident.opened", data: { rule: "langsam – très lent" } });
const signed = (secrets: string[], changes: { id?: string; atMs?: number } = {}) =>
  signedHeaders(secrets, { id: "019a0000-0000-7000-8000-000000000001", atMs: Date.now(), body, ...changes });
const verify = (secret: string, headers: Record<string, string>, text = body) =>
  new Webhook(secret).verify(text, headers);

describe("signatures", () => {
  test("a secret is whsec_ and base64 of 24 bytes or more, never the same", () => {
    const secret = newSecret();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]+=*$/);
    expect(Buffer.from(secret.slice(6), "base64").length).toBeGreaterThanOrEqual(24);
    expect(newSecret()).not.toBe(secret);
  });

  test("the reference library accepts them, and signs the same", () => {
    const secret = newSecret();
    const headers = signed([secret]);
    expect(verify(secret, headers)).toEqual(JSON.parse(body));
    const at = new Date(Number(headers["webhook-timestamp"]) * 1_000);
    expect(new Webhook(secret).sign(headers["webhook-id"]!, at, body)).toBe(headers["webhook-signature"]);
  });

  test("while secrets change, who knows either accepts; who knows another does not", () => {
    const [before, after, other] = [newSecret(), newSecret(), newSecret()];
    const headers = signed([after, before]);
    expect(headers["webhook-signature"]!.split(" ")).toHaveLength(2);
    expect(verify(before, headers)).toEqual(JSON.parse(body));
    expect(verify(after, headers)).toEqual(JSON.parse(body));
    expect(() => verify(other, headers)).toThrow(WebhookVerificationError);
  });

  test.each([
    ["id", { "webhook-id": "019a0000-0000-7000-8000-000000000002" }, body],
    ["time", { "webhook-timestamp": String(Math.floor(Date.now() / 1_000) - 60) }, body],
    ["body", {}, `${body} `],
  ])("another %s is refused", (_, changes, text) => {
    const secret = newSecret();
    expect(() => verify(secret, { ...signed([secret]), ...changes }, text)).toThrow(WebhookVerificationError);
  });

  test.each([-6, 6])("a time %i minutes off is refused", (minutes) => {
    const secret = newSecret();
    const headers = signed([secret], { atMs: Date.now() + minutes * 60_000 });
    expect(() => verify(secret, headers)).toThrow(WebhookVerificationError);
  });
});
