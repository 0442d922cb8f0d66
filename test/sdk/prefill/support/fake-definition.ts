import type { CachedDefinition, DefinitionVisit, FillOrder, FillResult } from "@/lib/sdk/src/cache/definition-type";
import type { FillState } from "@/lib/wire/index";

/** A cached definition of a test's making: it keeps what it is asked, and answers as it is told. */
export class FakeDefinition implements CachedDefinition<string> {
  readonly warm = new Set<string>();
  readonly marks: { user: string; decision: string; untilMs: number }[] = [];
  readonly fills: { user: string; order: FillOrder }[] = [];
  /** Fills under way, when the test ends them itself. */
  readonly open: { user: string; order: FillOrder; end: (state: FillState) => void }[] = [];
  /** Whether the test ends fills itself. */
  slow = false;
  state: FillState = "filled";
  tookUs = 50_000;

  constructor(
    readonly name = "feed",
    readonly signals: readonly string[] = [],
    readonly ttlSeconds = 1_800,
  ) {}

  async get(user: string): Promise<string> {
    this.warm.add(user);
    return `value of ${user}`;
  }

  async invalidate(user: string): Promise<void> {
    this.warm.delete(user);
  }

  async isCold(user: string): Promise<boolean> {
    return !this.warm.has(user);
  }

  async mark(user: string, decision: string, untilMs: number): Promise<void> {
    this.marks.push({ user, decision, untilMs });
  }

  async fill(user: string, order: FillOrder): Promise<FillResult> {
    this.fills.push({ user, order });
    const state = this.slow ? await new Promise<FillState>((end) => this.open.push({ user, order, end })) : this.state;
    if (state === "filled") this.warm.add(user);
    return { state, tookUs: this.tookUs, bytes: 10 };
  }

  visit(user: string, changes: Partial<DefinitionVisit> & { atMs: number }): DefinitionVisit {
    return { definition: this.name, user, cache: "hit", decision: undefined, latencyUs: 1_000, ...changes };
  }
}
