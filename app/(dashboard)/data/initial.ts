import type { Initial } from "@/components/data/use-answer";

/**
 * What a page already reads on the server. A question that fails there is asked again by the browser, which tells what is wrong
 * and keeps the page's frame.
 */
export async function initialOf<T>(search: string, ask: () => Promise<T>): Promise<Initial<T> | undefined> {
  try {
    return { search, answer: await ask(), at: Date.now() };
  } catch (error) {
    if (isNextSignal(error)) throw error;
    return undefined;
  }
}

/** `redirect()` and `notFound()` are not failures. */
function isNextSignal(error: unknown): boolean {
  const digest = (error as { digest?: unknown } | null)?.digest;
  return typeof digest === "string" && digest.startsWith("NEXT_");
}
