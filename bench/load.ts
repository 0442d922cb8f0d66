import { connect } from "node:net";

/** Closed-loop load on so many kept-alive connections; ends when all answers are in. */
export async function load(port: number, requests: number, connections = 16): Promise<void> {
  const each = Math.ceil(requests / connections);
  await Promise.all(Array.from({ length: connections }, (_, at) => connection(port, each, at)));
}

function connection(port: number, requests: number, number: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1").setNoDelay().on("error", reject);
    let left = requests;
    let text = "";
    const ask = () => {
      const pick = (left * 7_919 + number * 104_729) % 5_000;
      socket.write(`GET /shop/${pick % 50}/items/7 HTTP/1.1\r\nhost: localhost\r\nx-user: user-${pick}\r\n\r\n`);
    };
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      if (!isWhole(text)) return;
      if (!text.startsWith("HTTP/1.1 200")) return reject(new Error(text));
      text = "";
      if (--left > 0) return ask();
      socket.end();
      resolve();
    });
    ask();
  });
}

function isWhole(text: string): boolean {
  const head = text.indexOf("\r\n\r\n");
  if (head < 0) return false;
  return text.length >= head + 4 + Number(/content-length: (\d+)/i.exec(text)?.[1] ?? Number.NaN);
}
