import { createServer, type AddressInfo } from "node:net";
import { TailfillError } from "../errors.ts";

/**
 * Checks that an address can be listened on, before anything else is started.
 * @param port 0 lets the system choose
 * @returns the port
 * @throws TailfillError `port_taken`, or `bad_setting` when this machine has no such address
 */
export async function freePort(host: string, port: number): Promise<number> {
  const probe = createServer();
  try {
    await new Promise<void>((done, fail) => {
      probe.once("error", fail);
      probe.listen({ host, port, exclusive: true }, done);
    });
  } catch (cause) {
    throw explain(cause as NodeJS.ErrnoException, host, port);
  }
  const chosen = (probe.address() as AddressInfo).port;
  await new Promise((done) => probe.close(done));
  return chosen;
}

function explain(cause: NodeJS.ErrnoException, host: string, port: number): TailfillError {
  if (cause.code === "EADDRINUSE")
    return new TailfillError("port_taken", `Port ${port} on ${host} is taken by another program.`, { cause });
  if (cause.code === "EACCES")
    return new TailfillError("port_taken", `This account may not listen on port ${port}.`, { cause });
  return new TailfillError("bad_setting", `HOST (--host) ${host} cannot be listened on: ${cause.code}`, { cause });
}
