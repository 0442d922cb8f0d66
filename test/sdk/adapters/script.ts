import { Readable } from "node:stream";

/** What the handlers of all test apps share: a gate to hold requests at, and bodies to stream. */
export class Script {
  entered = 0;
  private readonly held: (() => void)[] = [];

  /** Resolves once the test calls `release`. */
  hold(): Promise<void> {
    this.entered += 1;
    return new Promise((resolve) => this.held.push(resolve));
  }

  release(): void {
    for (const go of this.held.splice(0)) go();
  }

  releaseFirst(): void {
    this.held.shift()?.();
  }

  three(): Readable {
    return Readable.from([Buffer.from("one,"), Buffer.from("two,"), Buffer.from("three")]);
  }

  /** Sends its first half and holds. */
  half(): Readable {
    const hold = this.hold.bind(this);
    async function* halves(): AsyncGenerator<Buffer> {
      yield Buffer.from("first,");
      await hold();
      yield Buffer.from("last");
    }
    return Readable.from(halves());
  }

  /** Sends its first half and breaks. */
  broken(): Readable {
    async function* halves(): AsyncGenerator<Buffer> {
      yield Buffer.from("first,");
      throw new Error("broken on purpose");
    }
    return Readable.from(halves());
  }
}
