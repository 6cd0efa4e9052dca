import { createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Runs `work` while no other process of this machine holds the lock of that name; waits at most `seconds` for it.
 * The lock is an abstract socket: it ends with the process that holds it, however that ends.
 */
export async function withLock<T>(name: string, seconds: number, work: () => Promise<T>): Promise<T> {
  const end = Date.now() + seconds * 1000;
  let server = await take(name);
  while (server === undefined) {
    if (Date.now() > end) throw new Error(`another process held the lock "${name}" for ${seconds} s`);
    await sleep(200);
    server = await take(name);
  }
  try {
    return await work();
  } finally {
    server.close();
  }
}

function take(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(`\0rempart-${name}`, () => resolve(server));
  });
}
