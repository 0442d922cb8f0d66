import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

const WAITING = Symbol.for("@tailfill/sdk waiting responses 1");

interface WaitingSocket extends Socket {
  [WAITING]?: Set<ServerResponse>;
}

/**
 * Tells of the close of a response whose connection dies before its turn comes, which Node leaves out. One listener for a
 * connection, however many responses wait: Node warns of a leak at eleven.
 */
export function closeWithSocket(
  res: ServerResponse,
  socket: WaitingSocket,
  tell: (this: ServerResponse) => void,
): void {
  const waiting = (socket[WAITING] ??= listenOnce(socket, tell));
  waiting.add(res);
  res.on("close", () => waiting.delete(res));
}

function listenOnce(socket: Socket, tell: (this: ServerResponse) => void): Set<ServerResponse> {
  const waiting = new Set<ServerResponse>();
  socket.once("close", () => {
    for (const res of waiting) tell.call(res);
  });
  return waiting;
}
