import pg from "pg";

/** A client of pg that keeps the texts it sends, as they leave the app. */
export function sendingClient(): { Client: typeof pg.Client; sent: string[] } {
  const sent: string[] = [];
  class Client extends pg.Client {
    // oxlint-disable-next-line typescript/no-explicit-any -- all of pg's forms
    override query(...args: any[]): any {
      const [query] = args as [string | { text?: string }];
      sent.push(typeof query === "string" ? query : (query.text ?? ""));
      return super.query(...(args as Parameters<pg.Client["query"]>));
    }
  }
  return { Client, sent };
}
