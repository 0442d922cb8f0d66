import { shownText } from "@/components/format/shown";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";

/** A text of another program: what cannot be seen in it is written out, its lines and blanks stay. */
export const shownLines = (text: string): string =>
  text
    .split(/\r?\n/)
    .map((line) => line.split(" ").map(shownText).join(" "))
    .join("\n");

type Request = NonNullable<AlertAnswer<"AlertDelivery">["request"]>;

/** JSON with line ends, for people; anything else as it is. */
export function readableBody(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** The first line and the headers, as they go over the wire. */
export function requestHead({ method, headers }: Request, address: string | null): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${(address ?? "").replace(/^mailto:/, "")}`.trimEnd(), ...lines].join("\n");
}
