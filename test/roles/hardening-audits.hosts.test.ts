import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { $ } from "zx";
import { startHost } from "../hosts/host.ts";
import { hostImage } from "../hosts/image.ts";
import { Rempart } from "./rempart.ts";

// Minutes, and packages that the hosts' cache has not: REMPART_TEST_AUDITS=1.
const listed = readFileSync(join(import.meta.dirname, "../../docs/hardening-findings.md"), "utf8");
const install = (names: string) => `DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends ${names} >/dev/null 2>&1`;

describe.runIf(process.env.REMPART_TEST_AUDITS)("other people's audits of a hardened host", () => {
  test("Lynis on Debian 13 goes from about 61 to at least 85 without a test skipped, and every finding left has its reason", async () => {
    const host = await startHost({ release: "trixie", name: "nas" });
    try {
      await host.out(install("lynis"));
      const bare = await lynis();
      const rempart = new Rempart("playbooks/nas.yml", [host], { hardening: { trusted_networks: [host.address.replace(/\d+$/, "1")] } });
      const done = await rempart.run();
      expect(done.exitCode, done.trouble).toBe(0);
      await host.reboot();
      await host.out("systemctl start rempart-aide");
      const hard = await lynis();
      console.info(`Lynis: ${bare.index} bare, ${hard.index} hardened; left: ${hard.found.join(", ")}`);
      expect(bare.index).toBeLessThan(70);
      expect(hard.index).toBeGreaterThanOrEqual(85);
      expect(hard.found.filter((id) => !listed.includes(`| ${id} |`))).toEqual([]);

      async function lynis() {
        await host.out("lynis audit system --quick --no-colors --quiet >/dev/null 2>&1");
        const report = await host.out("cat /var/log/lynis-report.dat");
        const ids = [...report.matchAll(/^(?:suggestion|warning)\[\]=([A-Z0-9-]+)\|/gm)].map((m) => m[1] ?? "");
        const skipped = /^(?:skip-test|tests_skipped)=(.+)$/m.exec(await host.out("cat /etc/lynis/custom.prf 2>/dev/null; true"));
        expect(skipped).toBeNull();
        return { index: Number(/^hardening_index=(\d+)/m.exec(report)?.[1]), found: [...new Set(ids)] };
      }
    } finally {
      await host.stop();
    }
  });

  test("each failure of the ANSSI profile of Debian's ssg-debian on Debian 12 has its reason", async () => {
    const host = await startHost({ release: "bookworm", name: "nas" });
    try {
      await host.out(install("openscap-scanner"));
      // Debian 13's package has the profile for Debian 12, whose own stops at 11. Without its conditions every rule is asked, in a container too.
      const content = `cd /tmp && apt-get download -q ssg-debian >&2 && dpkg --fsys-tarfile ssg-debian*.deb |
        tar -xO ./usr/share/xml/scap/ssg/content/ssg-debian12-ds.xml | sed -E 's#<xccdf-1.2:platform idref="[^"]*"/>##g'`;
      const image = await hostImage("trixie");
      const fetched = await $({ quiet: true, timeout: "3m" })`docker run --rm --network=host --entrypoint sh ${image} -c ${content}`;
      await $({ quiet: true, input: fetched.stdout })`docker exec -i ${host.container} sh -c ${"cat > /root/ds.xml"}`;
      const rempart = new Rempart("playbooks/nas.yml", [host], { hardening: { trusted_networks: [host.address.replace(/\d+$/, "1")] } });
      const done = await rempart.run();
      expect(done.exitCode, done.trouble).toBe(0);
      const profile = "xccdf_org.ssgproject.content_profile_anssi_bp28_enhanced";
      const said = await host.exec(`oscap xccdf eval --skip-valid --profile ${profile} /root/ds.xml 2>/dev/null`);
      const results = [...said.stdout.replaceAll("\r", "").matchAll(/^Rule\s+\S+content_rule_(\S+)\n(?:.+\n)*?Result\s+(\S+)/gm)];
      const which = (...wanted: string[]) => results.filter(([, , result = ""]) => wanted.includes(result)).map(([, rule = ""]) => rule);
      console.info(`OpenSCAP: ${which("pass").length} of ${results.length} pass`);
      expect(which("pass").length).toBeGreaterThan(195);
      expect(which("notapplicable", "notselected")).toEqual([]);
      expect(which("fail", "error", "unknown", "notchecked").filter((rule) => !listed.includes(`| ${rule} |`))).toEqual([]);
    } finally {
      await host.stop();
    }
  });
});
