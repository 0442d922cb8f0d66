/** Answers by text, in two generations: what was asked for lately stays, and nothing is ever searched. */
export class Generations {
  #young = new Map<string, string>();
  #old = new Map<string, string>();
  readonly #most: number;
  readonly #make: (text: string) => string;

  /** @param most how many answers are kept at the most */
  constructor(most: number, make: (text: string) => string) {
    this.#most = most;
    this.#make = make;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  of(text: string): string {
    const young = this.#young.get(text);
    if (young !== undefined) return young;
    const found = this.#old.get(text) ?? this.#make(text);
    if (text.length <= LONGEST_KEPT) this.#keep(text, found);
    return found;
  }

  #keep(text: string, found: string): void {
    if (this.#young.size >= this.#most / 2) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(text, found);
  }
}

/** Longer texts are not worth the memory. */
const LONGEST_KEPT = 4_096;
