import { compareKeys } from "./user-key.ts";
import { type Piece, UserCursor } from "./user-pack.ts";

/** The chunks of one part, sorted by key. */
export type PartChunks = readonly Uint8Array[];

/** One sorted part, read across its chunks. */
class PartCursor {
  private chunk = 0;
  private cursor: UserCursor;
  high = 0;
  low = 0;
  done = false;

  constructor(private readonly chunks: PartChunks) {
    this.cursor = new UserCursor(chunks[0]!);
    this.load();
  }

  next(): void {
    this.cursor.next();
    this.load();
  }

  eachPiece(visit: (piece: Readonly<Piece>) => void): void {
    this.cursor.eachPiece(visit);
  }

  private load(): void {
    while (this.cursor.done && ++this.chunk < this.chunks.length)
      this.cursor = new UserCursor(this.chunks[this.chunk]!);
    this.done = this.cursor.done;
    if (this.done) return;
    this.high = this.cursor.high;
    this.low = this.cursor.low;
  }
}

/** Called once a user, with a function that visits all its histograms of all parts. */
export type VisitMergedUser = (
  high: number,
  low: number,
  eachPiece: (visit: (piece: Readonly<Piece>) => void) => void,
) => void;

/**
 * Walks over several sorted parts at once, in the order of keys: each user is visited once, with its histograms of all
 * parts. Nothing is hashed and nothing is kept, so memory does not grow with the number of users.
 */
export function mergeUsers(parts: readonly PartChunks[], visit: VisitMergedUser): void {
  for (const step of mergeUsersInSteps(parts)) visit(step.high, step.low, step.eachPiece);
}

export interface MergedUser {
  high: number;
  low: number;
  eachPiece: (visit: (piece: Readonly<Piece>) => void) => void;
}

/** As `mergeUsers`, for a caller that pauses in between. What is yielded is reused. */
export function* mergeUsersInSteps(parts: readonly PartChunks[]): Generator<Readonly<MergedUser>, void> {
  let open = parts.filter((chunks) => chunks.length > 0).map((chunks) => new PartCursor(chunks));
  let current: PartCursor[] = [];
  const eachPiece = (visit: (piece: Readonly<Piece>) => void) => {
    for (const cursor of current) cursor.eachPiece(visit);
  };
  const user: MergedUser = { high: 0, low: 0, eachPiece };
  open = open.filter((cursor) => !cursor.done);
  while (open.length > 0) {
    current = lowest(open);
    user.high = current[0]!.high;
    user.low = current[0]!.low;
    yield user;
    let ended = false;
    for (const cursor of current) {
      cursor.next();
      ended ||= cursor.done;
    }
    if (ended) open = open.filter((cursor) => !cursor.done);
  }
}

/** The cursors that stand on the lowest key. */
function lowest(cursors: readonly PartCursor[]): PartCursor[] {
  let found: PartCursor[] = [];
  for (const cursor of cursors) {
    const first = found[0];
    const order = first === undefined ? -1 : compareKeys(cursor.high, cursor.low, first.high, first.low);
    if (order < 0) found = [cursor];
    else if (order === 0) found.push(cursor);
  }
  return found;
}
