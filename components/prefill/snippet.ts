import type { PrefillSubject } from "@/lib/query/prefill-answers";

/** What an app has to write so that a slow endpoint can be filled: for Express; with other frameworks only the route differs. */
export function defineSnippet(subject: Pick<PrefillSubject, "name"> | undefined): string {
  const route = /^\S+ (\/.*)$/.exec(subject?.name ?? "")?.[1] ?? "/feed";
  const word = wordOf(route);
  const capital = word[0]!.toUpperCase() + word.slice(1);
  return `import { defineCached } from "@tailfill/sdk/cache";
import { createPrefill } from "@tailfill/sdk/prefill";

const cached${capital} = defineCached({
  name: ${JSON.stringify(word)},
  ttl: "15m",
  load: (user) => compute${capital}(user), // what the handler does today
});

app.get(${JSON.stringify(route)}, async (req, res) => {
  res.json(await cached${capital}.get(req.user.id));
});

createPrefill(); // once, after the middleware is mounted`;
}

/** A name for a value, from the last fixed part of a route. */
function wordOf(route: string): string {
  const fixed = route.split("/").filter((part) => /^[a-z]/i.test(part));
  const words = (fixed.at(-1) ?? "value").split(/[^a-z0-9]+/i).filter(Boolean);
  return words.map((word, at) => (at === 0 ? word.toLowerCase() : word[0]!.toUpperCase() + word.slice(1))).join("");
}
