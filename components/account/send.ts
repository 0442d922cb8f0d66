/** How a change went. `waitSeconds` is there when the server asks to wait. */
export type Sent<T> =
  | { done: true; data: T }
  | { done: false; status: number; message: string; code: string | undefined; waitSeconds: number | undefined };

export type Method = "POST" | "PATCH" | "DELETE";

const UNREACHED = "The tailfill server was not reached. Nothing was changed; check that it runs and try again.";

/** Sends a change to one of this server's own addresses. It never throws: what went wrong is part of the answer. */
export async function send<T = undefined>(method: Method, path: string, body?: unknown): Promise<Sent<T>> {
  try {
    const json =
      body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    return await read<T>(await fetch(path, { method, ...json }));
  } catch {
    return { done: false, status: 0, message: UNREACHED, code: undefined, waitSeconds: undefined };
  }
}

async function read<T>(response: Response): Promise<Sent<T>> {
  if (response.status === 204) return { done: true, data: undefined as T };
  const data: unknown = await response.json().catch(() => ({}));
  if (response.ok) return { done: true, data: data as T };
  const { detail, code } = data as { detail?: string; code?: string };
  const wait = Number(response.headers.get("retry-after"));
  const waitSeconds = Number.isFinite(wait) && wait > 0 ? wait : undefined;
  return {
    done: false,
    status: response.status,
    message: detail ?? `The server answered ${response.status}.`,
    code,
    waitSeconds,
  };
}
