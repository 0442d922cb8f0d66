import type { Work } from "../context.ts";
import { RequestRepeats, type Asked, type Kind } from "./request-repeats.ts";

/** One statement on its way, as one of its kind in a request. */
export class RepeatRun {
  private constructor(
    private readonly repeats: RequestRepeats,
    private readonly kind: Kind,
    private readonly set: number,
  ) {}

  // oxlint-disable-next-line max-params -- called for every statement: an object would be garbage each time
  static begin(work: Work, fingerprint: string, asked: Asked, atMs: number): RepeatRun | undefined {
    const repeats = (work.repeats ??= new RequestRepeats());
    const kind = repeats.kindOf(fingerprint, asked);
    return kind === undefined ? undefined : new RepeatRun(repeats, kind, kind.begin(asked, atMs));
  }

  end(atMs: number, rows: number, failed: boolean): void {
    this.kind.end(this.set, atMs, rows, failed);
    if (!failed) this.repeats.answered(this.kind);
  }
}
