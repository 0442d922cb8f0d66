import { ServerResponse, type IncomingMessage } from "node:http";

/** What Node keeps on a connection whose request is not answered yet. */
interface Busy {
  _httpMessage?: unknown;
}

interface WithHandles {
  _getActiveHandles?(): readonly unknown[];
}

/**
 * The requests that the HTTP servers of this process are answering now. Node has no public way to ask: should it take
 * this one away, those few are not counted.
 */
export function underWay(): { req: IncomingMessage; res: ServerResponse }[] {
  const handles = (process as WithHandles)._getActiveHandles?.() ?? [];
  const messages = handles.map((handle) => (handle as Busy | null)?._httpMessage);
  return messages.filter((message) => message instanceof ServerResponse).map((res) => ({ req: res.req, res }));
}
