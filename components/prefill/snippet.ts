import type { PrefillSubject } from "@/lib/query/prefill-answers";
import { routeKey, type RouteKey } from "./fillable";

type Subject = Pick<PrefillSubject, "name" | "candidates">;

export interface DefineExample {
  /** The endpoint it is about; `null`: an invented one. */
  name: string | null;
  /** Whether all of its value is the user's. */
  whole: boolean;
  code: string;
}

/**
 * What an app has to write so that something slow can be filled: for Express; with other frameworks only the route differs. Of
 * the endpoints that a page lists, the one with most users to fill whose value depends on the user alone; where there is none,
 * the part of a value that does.
 */
export function defineExample(subjects: readonly Subject[]): DefineExample {
  const worstFirst = [...subjects].sort((a, b) => b.candidates - a.candidates);
  const known = worstFirst.flatMap(({ name }) => {
    const key = routeKey(name);
    return key === null ? [] : [{ name, key }];
  });
  const whole = known.find(({ key }) => key.others.length === 0);
  const chosen = whole ?? known[0];
  if (chosen === undefined) return { name: null, whole: true, code: wholeValue(INVENTED) };
  const code = whole ? wholeValue(chosen.key) : partOfValue(chosen.key);
  return { name: chosen.name, whole: whole !== undefined, code };
}

/** The whole answer is the user's: the handler only asks for it. */
function wholeValue({ route, userParameter }: RouteKey): string {
  const word = wordOf(route);
  const user = userParameter === null ? "req.user.id" : `req.params.${userParameter}`;
  return `${IMPORTS}

const cached${capital(word)} = defineCached({
  name: ${JSON.stringify(word)},
  ttl: "15m",
  // What the handler does today, by the user alone: what depends
  // on the query or on who may see it stays in the handler.
  load: (user) => compute${capital(word)}(user),
});

app.get(${JSON.stringify(route)}, async (req, res) => {
  res.json(await cached${capital(word)}.get(${user}));
});

${FILL}`;
}

/** The answer depends on more than the user: cached by the user alone, one item would be answered with another one's value. */
function partOfValue({ route, userParameter, others }: RouteKey): string {
  const word = wordOf(route);
  const parts = others.map((name) => (name === "*" ? "the rest of the path" : `:${name}`)).join(" and ");
  const asked = others.filter((name) => name !== "*").map((name) => `req.params.${name}`);
  const user = userParameter === null ? "req.user.id" : `req.params.${userParameter}`;
  return `${IMPORTS}

// Not the whole answer: that depends on more than the user,
// ${parts}, and a fill is computed for a user alone.
// Define the slow part that is the same for all of them (rights,
// prices). If there is none, this endpoint cannot be filled.
const cachedFor${capital(word)} = defineCached({
  name: ${JSON.stringify(`for${capital(word)}`)},
  ttl: "15m",
  load: (user) => computeFor${capital(word)}(user),
});

app.get(${JSON.stringify(route)}, async (req, res) => {
  const own = await cachedFor${capital(word)}.get(${user});
  res.json(await compute${capital(word)}(${[...(asked.length > 0 ? asked : ["req.path"]), "own"].join(", ")}));
});

${FILL}`;
}

const INVENTED: RouteKey = { route: "/feed", userParameter: null, others: [] };
const IMPORTS = `// npm install bentocache
import { defineCached } from "@tailfill/sdk/cache";
import { createPrefill } from "@tailfill/sdk/prefill";`;
const FILL = "createPrefill(); // once, after the middleware is mounted";

const capital = (word: string) => word[0]!.toUpperCase() + word.slice(1);

/** A name for a value, from the last fixed part of a route. */
function wordOf(route: string): string {
  const fixed = route.split("/").filter((part) => /^[a-z]/i.test(part));
  const words = (fixed.at(-1) ?? "value").split(/[^a-z0-9]+/i).filter(Boolean);
  return words.map((word, at) => (at === 0 ? word.toLowerCase() : capital(word))).join("");
}
