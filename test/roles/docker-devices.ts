import { expect, test } from "vitest";
import { standIn } from "../hosts/stand-in.ts";
import { type EngineUnderTest, uncount } from "./docker-engine.ts";

/** Devices by CDI, with a description whose device is /dev/null. */
export function devicesByName({ part, host, rempart }: EngineUnderTest): void {
  test("a device is given to containers by its name, by docker run and by compose, once CDI is on", async () => {
    await host().out(uncount);
    const asked = `docker run --rm --device nvidia.com/gpu=all ${standIn.image} ls -l /dev/nvidia0`;
    await host().out(`mkdir -p /etc/cdi && cat > /etc/cdi/stand-in.json <<'E'\n${device}\nE`);
    expect((await host().exec(asked)).exitCode).not.toBe(0);
    const withCdi = rempart().with({ docker: { gpu: "cdi" } });
    const done = await withCdi.run(...part);
    expect(done.exitCode, done.trouble).toBe(0);
    expect(done.changes).toEqual(["docker : Set the engine up", "docker : Restart the engine"]);
    // The device of /dev/null has the numbers 1 and 3.
    expect(await host().out(asked)).toMatch(/^c.* 1, +3 .*\/dev\/nvidia0$/);
    await host().out(`mkdir -p /srv/cdi && cat > /srv/cdi/compose.yml <<'E'\n${composed}\nE`);
    expect(await host().out("cd /srv/cdi && docker compose run --rm -T card ls -l /dev/nvidia0 2>/dev/null")).toMatch(/^c.* 1, +3 /);
    expect((await withCdi.run(...part)).changes).toEqual([]);
    expect((await rempart().run(...part)).exitCode).toBe(0);
    await host().out(`rm -r /etc/cdi /srv/cdi && ${uncount}`);
  });
}

/** A description of a device as NVIDIA's toolkit writes one, for /dev/null. */
const device = JSON.stringify({
  cdiVersion: "0.5.0",
  kind: "nvidia.com/gpu",
  devices: [{ name: "all", containerEdits: { deviceNodes: [{ path: "/dev/nvidia0", hostPath: "/dev/null" }] } }],
});

/** As the role jellyfin asks for the card. */
const composed = `services:
  card:
    image: ${standIn.image}
    deploy: { resources: { reservations: { devices: [{ driver: cdi, device_ids: ["nvidia.com/gpu=all"], capabilities: [gpu] }] } } }`;
