import { LONGEST_STATEMENT, OTHER_STATEMENTS_ID, type StatementText, statementRoute } from "../../../wire/index.ts";
import { OTHER_STATEMENTS } from "./counts.ts";
import { statementId } from "./statement-id.ts";

/** Statements that are told apart, at one endpoint and in all, for as long as the process lives. The rest is one more each. */
const MOST_OF_ENDPOINT = 20;
const MOST = 1_000;

/** What the series of an app's statements are called, by endpoint and fingerprint. */
export class ToldApart {
  readonly #routes = new Map<string, Map<string, string>>();
  readonly #texts = new Map<string, string>();
  readonly #isNew: (statement: StatementText) => void;
  #size = 0;

  /** `isNew` is told of each statement once, when it is first seen. */
  constructor(isNew: (statement: StatementText) => void) {
    this.#isNew = isNew;
  }

  /** The route of the series under `(statement)`. */
  routeOf(endpoint: string, fingerprint: string): string {
    const known = this.#routes.get(endpoint);
    return known?.get(fingerprint) ?? this.#add(endpoint, fingerprint, known);
  }

  /** All that were told apart so far. */
  get texts(): StatementText[] {
    return [...this.#texts].map(([id, text]) => ({ id, text }));
  }

  #add(endpoint: string, fingerprint: string, known: Map<string, string> | undefined): string {
    const isOther = fingerprint === OTHER_STATEMENTS;
    if (!isOther && (this.#size >= MOST || (known?.size ?? 0) >= MOST_OF_ENDPOINT))
      return statementRoute(OTHER_STATEMENTS_ID, endpoint);
    const id = isOther ? OTHER_STATEMENTS_ID : statementId(fingerprint);
    const route = statementRoute(id, endpoint);
    const routes = known ?? new Map<string, string>();
    this.#routes.set(endpoint, routes.set(fingerprint, route));
    if (!isOther) this.#size++;
    if (!isOther && !this.#texts.has(id)) this.#tell({ id, text: fingerprint.slice(0, LONGEST_STATEMENT) });
    return route;
  }

  #tell(statement: StatementText): void {
    this.#texts.set(statement.id, statement.text);
    this.#isNew(statement);
  }
}
