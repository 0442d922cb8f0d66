/** What is used of a client of pg. */
interface Asked {
  // oxlint-disable-next-line typescript/no-explicit-any -- of any signature
  query(...args: any[]): any;
}

/**
 * Runs `run` with the client's own `query`, while what others ask of the client waits until it is over: nothing of theirs may come
 * between a savepoint and going back to it, which would take it back. What was asked before comes before.
 */
export async function alone<Client extends Asked, Result>(
  client: Client,
  run: (ask: Client["query"]) => Promise<Result>,
): Promise<Result> {
  while (gates.has(client)) await gates.get(client);
  // oxlint-disable-next-line typescript/unbound-method -- it is called on the client
  const own = client.query;
  const wasOwn = Object.hasOwn(client, "query");
  const over = run(own.bind(client)).finally(() => {
    gates.delete(client);
    if (wasOwn) client.query = own;
    else delete (client as Partial<Client>).query;
  });
  const settled = over.then(
    () => undefined,
    () => undefined,
  );
  gates.set(client, settled);
  client.query = (...args: unknown[]) => askLater(settled, () => own.apply(client, args), args);
  return over;
}

/** Until when each client is held. */
const gates = new WeakMap<object, Promise<void>>();

/** What pg gives at once, of its forms: the query itself, nothing with a callback, or a promise. */
function askLater(settled: Promise<void>, ask: () => unknown, args: readonly unknown[]): unknown {
  const later = settled.then(ask);
  const [query] = args as [{ submit?: unknown; callback?: unknown } | string | undefined];
  const config = typeof query === "object" ? query : {};
  const isTold = [...args.slice(1), config.callback, config.submit].some((each) => typeof each === "function");
  if (!isTold) return later;
  // It says by itself what goes wrong.
  later.catch(() => undefined);
  return typeof config.submit === "function" ? query : undefined;
}
