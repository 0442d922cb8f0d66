const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const SPACE = 0x20;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** In a plan, only users are objects in a list at this depth: plan, definitions, definition, users. */
const DEPTH_OF_USERS = 4;

/**
 * Copies the JSON of a plan, piece by piece as it arrives, and leaves out all users beyond the first `most`: so a plan of
 * any size costs no more memory than one of that many users. What is no JSON comes out as some other text that is none.
 */
export class UserCap {
  #left: number;
  /** The brackets that are open. */
  readonly #open: number[] = [];
  #inText = false;
  #escaped = false;
  /** Inside of a user that is left out. */
  #skipping = false;
  /** A comma not copied yet: if a user follows that is left out, it is left out as well. */
  #comma = false;
  #cut = 0;

  constructor(most: number) {
    this.#left = most;
  }

  /** Users left out so far. */
  get cut(): number {
    return this.#cut;
  }

  /** What is kept of a piece. */
  take(piece: Uint8Array): Buffer {
    const kept = Buffer.allocUnsafe(piece.length + 1);
    let length = 0;
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at]!;
      if (!this.#keeps(byte)) continue;
      if (this.#comma) kept[length++] = COMMA;
      this.#comma = false;
      kept[length++] = byte;
    }
    return kept.subarray(0, length);
  }

  #keeps(byte: number): boolean {
    if (this.#inText) this.#readText(byte);
    else if (byte <= SPACE) return false;
    else if (byte === QUOTE) this.#inText = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#enter(byte);
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) return this.#leaves();
    else if (byte === COMMA && this.#inUsers) {
      this.#comma = true;
      return false;
    }
    return !this.#skipping;
  }

  get #inUsers(): boolean {
    return this.#open.length === DEPTH_OF_USERS && this.#open[DEPTH_OF_USERS - 1] === OPEN_BRACKET;
  }

  #readText(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) this.#inText = false;
  }

  #enter(bracket: number): void {
    if (bracket === OPEN_BRACE && this.#inUsers && --this.#left < 0) {
      this.#skipping = true;
      this.#comma = false;
      this.#cut++;
    }
    this.#open.push(bracket);
  }

  /** Whether a closing bracket is kept: that of a user left out is not. */
  #leaves(): boolean {
    this.#open.pop();
    const kept = !this.#skipping;
    if (this.#inUsers) this.#skipping = false;
    return kept;
  }
}
