import type { ServerResponse } from "node:http";

/** Under this header proxy.ts tells which status a page has; Next.js has no way for a page to answer 410 or 503. */
export const PAGE_STATUS_HEADER = "x-tailfill-status";

const CHOSEN = new Set([410, 503]);

/** Lets proxy.ts choose the status of a page that was drawn well. The web server calls this for each response. */
export function honourPageStatus(response: ServerResponse): void {
  const send = response.writeHead.bind(response);
  const writeHead = (status: number, ...rest: unknown[]): unknown => {
    const wanted = Number(response.getHeader(PAGE_STATUS_HEADER));
    response.removeHeader(PAGE_STATUS_HEADER);
    return Reflect.apply(send, undefined, [status === 200 && CHOSEN.has(wanted) ? wanted : status, ...rest]);
  };
  Object.assign(response, { writeHead });
}
