import { startHost, type TestHost } from "./host.ts";

/**
 * A stand-in for a maker's system such as UGOS, as far as notes of owners tell: Debian underneath, but without apt, dpkg and ufw,
 * and at each boot home folders are opened to everybody, which sshd answers by refusing the keys in them. No real one was seen.
 */
export async function startApplianceHost(name: string): Promise<TestHost> {
  const host = await startHost({ release: "trixie", name });
  await host.out(`
    rm -f /usr/bin/apt* /usr/bin/dpkg* /usr/sbin/ufw
    printf '[Unit]\\nDescription=The maker resets home folders\\nAfter=local-fs.target\\n[Service]\\nType=oneshot\\nExecStartPre=/bin/sleep 1\\nExecStart=/bin/chmod -R 0777 /home\\n[Install]\\nWantedBy=multi-user.target\\n' > /etc/systemd/system/maker-homes.service
    systemctl enable -q maker-homes.service`);
  return host;
}
