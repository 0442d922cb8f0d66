import { followRequests, newWork, within, workUnderWay } from "../context.ts";
import type { Statements } from "./counts.ts";
import { statementsSoFar } from "./listeners.ts";
import { anyTapped } from "./tapped.ts";

/** More statements ran than a test expects. Its message lists them, the most repeated first. */
export class TooManyStatementsError extends Error {
  override readonly name = "TooManyStatementsError";
  readonly most: number;
  /** What ran, the most repeated first. */
  readonly statements: Statements;

  constructor(most: number, statements: Statements) {
    const list = statements.byFingerprint.map(({ count, fingerprint }) => `  ${count} × ${fingerprint}`);
    super([`${statements.count} statements ran, at most ${most} were expected:`, ...list].join("\n"));
    this.most = most;
    this.statements = statements;
  }
}

/**
 * For tests: runs `run` and rejects with a {@link TooManyStatementsError} when it asked more than `most` statements of the
 * wrapped databases, in all that it called and waited for. Else it gives what `run` gave, or throws what it threw.
 */
export async function expectStatements<Result>(most: number, run: () => Result | Promise<Result>): Promise<Result> {
  if (!anyTapped())
    throw new Error("expectStatements sees nothing: wrap the database by tailfillPrisma or tailfillPool");
  followRequests();
  const around = workUnderWay();
  const work = newWork({ around, client: around?.client, holdsRequests: true });
  try {
    // `await` inside: a query of Prisma's begins when it is waited for.
    const result = await within(work, async () => await run());
    const statements = mostRepeatedFirst(statementsSoFar(work));
    if (statements.count > most) throw new TooManyStatementsError(most, statements);
    return result;
  } finally {
    work.open = false;
  }
}

function mostRepeatedFirst(statements: Statements): Statements {
  return { ...statements, byFingerprint: statements.byFingerprint.toSorted((a, b) => b.count - a.count) };
}
