// The program of the image: everything in /config, port 8096.
import { JellyfinEmulator } from "./server.ts";

const emulator = new JellyfinEmulator({
  config: "/config",
  starting: Number(process.env.EMULATOR_STARTING_MS ?? 1500),
  ...(process.env.EMULATOR_VERSION !== undefined && { version: process.env.EMULATOR_VERSION }),
  say: (line) => console.log(line),
});
await emulator.listen(8096, "::");
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => process.exit(0));
