import { fingerprint, type Dialect } from "./fingerprint.ts";

/** An app has hundreds of texts, unless it writes its values into them: those are not worth the memory. */
const MOST = 1_000;
const LONGEST_KEPT = 4_096;

/** Fingerprints by text, in two generations: what was asked for lately stays, and nothing is ever searched. */
export class KnownFingerprints {
  #young = new Map<string, string>();
  #old = new Map<string, string>();
  readonly #dialect: Dialect;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** How many texts are kept. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  of(text: string): string {
    const young = this.#young.get(text);
    if (young !== undefined) return young;
    const found = this.#old.get(text) ?? fingerprint(text, this.#dialect);
    if (text.length <= LONGEST_KEPT) this.#keep(text, found);
    return found;
  }

  #keep(text: string, found: string): void {
    if (this.#young.size >= MOST / 2) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(text, found);
  }
}

const known: Record<Dialect, KnownFingerprints> = {
  postgresql: new KnownFingerprints("postgresql"),
  mysql: new KnownFingerprints("mysql"),
};

export function fingerprintOf(text: string, dialect: Dialect): string {
  return known[dialect].of(text);
}
