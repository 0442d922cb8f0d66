import { fingerprint, type Dialect } from "./fingerprint.ts";
import { Generations } from "./generations.ts";

/** An app has hundreds of texts, unless it writes its values into them: those are not worth the memory. */
const MOST = 1_000;

const known: Record<Dialect, Generations> = {
  postgresql: new Generations(MOST, (text) => fingerprint(text, "postgresql")),
  mysql: new Generations(MOST, (text) => fingerprint(text, "mysql")),
};

export function fingerprintOf(text: string, dialect: Dialect): string {
  return known[dialect].of(text);
}
