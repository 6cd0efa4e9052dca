// The program of the container: Cloudflare's API and its edge at their own ports. Options come from a file.
import { readFileSync } from "node:fs";
import { EdgeProcess } from "./process.ts";

const edge = await EdgeProcess.start({
  ...JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")),
  say: (line: string) => console.error(line),
  ports: { http: 80, https: 443, dns: 53, api: 8443, control: 8025 },
});
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void edge.stop().then(() => process.exit(0)));
