/** Where a statement came from, as its leading comment says. */
export interface Attribution {
  /** Method and route template, as `GET /users/:id`; null when nothing says it. */
  endpoint: string | null;
  /** What the app called it, as `comment.count`. */
  op: string | null;
}

/** Leading, because databases cut long statements at the end. */
const LEADING = /^\s*\/\*\s*tf:([^*]*)\*\//;
const LONGEST = 200;

/** Reads the comment `/*tf:route=GET%20%2Fusers%2F%3Aid,op=comment.count*\/`; all values are percent-encoded. */
export function attributionOf(sql: string): Attribution {
  const fields = new Map<string, string>();
  for (const field of LEADING.exec(sql)?.[1]?.split(",") ?? []) {
    const [name = "", value = ""] = field.split("=", 2);
    fields.set(name.trim(), value.trim());
  }
  return { endpoint: decoded(fields.get("route")), op: decoded(fields.get("op")) };
}

/** Null for what is empty or was not encoded rightly: a wrong endpoint is worse than none. */
function decoded(value: string | undefined): string | null {
  if (value === undefined || value === "") return null;
  try {
    return decodeURIComponent(value).slice(0, LONGEST);
  } catch {
    return null;
  }
}
