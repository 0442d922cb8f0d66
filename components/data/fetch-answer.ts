/** A question that was not answered: what happened and what to do. */
export class AnswerError extends Error {
  constructor(
    message: string,
    /** What the reader can do. */
    readonly next: string,
    /** HTTP status; 0 = the server was not reached. */
    readonly status: number,
  ) {
    super(message);
    this.name = "AnswerError";
  }

  /** Whether asking again may help. */
  get mayPass(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/**
 * Reads JSON from one of this server's addresses. A session that ended leads to the sign-in page.
 * @throws AnswerError
 */
export async function fetchAnswer<T>(address: string, signal?: AbortSignal): Promise<T> {
  const response = await reach(address, signal);
  if (isSignedOut(response)) window.location.assign(signInAddress());
  else if (response.ok) return (await response.json()) as T;
  throw await problemOf(response);
}

/** The sign-in page, from which one comes back to where one was. */
export function signInAddress(): string {
  const { pathname, search } = window.location;
  return `/sign-in?to=${encodeURIComponent(pathname + search)}`;
}

/** A handler answers 401; without any cookie the request is led to the sign-in page before. */
function isSignedOut(response: Response): boolean {
  return response.status === 401 || (response.redirected && new URL(response.url).pathname === "/sign-in");
}

async function reach(address: string, signal: AbortSignal | undefined): Promise<Response> {
  try {
    return await fetch(address, { headers: { accept: "application/json" }, ...(signal ? { signal } : {}) });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new AnswerError("The tailfill server was not reached.", "Check that it runs and that you are online.", 0);
  }
}

async function problemOf(response: Response): Promise<AnswerError> {
  const problem = (await response.json().catch(() => ({}))) as { detail?: string; title?: string };
  return new AnswerError(
    problem.detail ?? `The server answered ${response.status}.`,
    problem.title ?? "Try again, or look into the server's log.",
    response.status,
  );
}
