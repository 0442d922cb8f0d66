import { pino, type Logger } from "pino";
import { config } from "./config.ts";

/** Fields that may carry a secret are cut wherever they appear in a logged object. */
const SECRET_FIELDS = ["password", "secret", "token", "apiKey", "authorization", "cookie", "key"];
const redact = { paths: SECRET_FIELDS.flatMap((f) => [f, `*.${f}`, `*.*.${f}`]), censor: "[cut]" };

let root: Logger | undefined;

/** The logger of a part: one JSON line an event on stderr (stdout belongs to the commands' own answers). */
export function log(part: string): Logger {
  root ??= pino(
    { level: config().logLevel, base: { pid: process.pid }, redact },
    pino.destination({ dest: 2, sync: true }),
  );
  return root.child({ part });
}
