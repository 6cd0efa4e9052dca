import fc from "fast-check";
import { maybe, of, one, type Weighted } from "./argument.ts";

const service = one("app", "app", "app", "webd", "webd", "none.service");
const unit = (start: string, more = ""): string => `[Unit]\n[Service]\n${more}ExecStart=${start}\n[Install]\nWantedBy=multi-user.target\n`;

export const units: Weighted = [
  [
    5,
    of("systemd", {
      name: service,
      state: maybe(one("started", "started", "stopped", "restarted", "reloaded")),
      enabled: maybe(fc.boolean()),
      daemon_reload: maybe(fc.boolean()),
    }),
  ],
  [1, of("systemd", { name: service, masked: fc.boolean(), state: maybe(one("stopped")) })],
  [1, of("systemd", { daemon_reload: one(true) })],
  [
    3,
    of("copy", {
      dest: one("/etc/systemd/system/app.service"),
      content: one(
        unit("/opt/ok"),
        unit("/opt/dies"),
        unit("/opt/fails"),
        unit("/opt/needs /lab/a"),
        unit("/opt/writes /lab/b.conf", "ExecReload=/opt/ok\n"),
        unit("/opt/writes /lab/d1/a", "Type=oneshot\n"),
      ),
    }),
  ],
  [
    1,
    of("file", {
      path: one("/etc/systemd/system/app.service", "/etc/systemd/system/multi-user.target.wants/app.service"),
      state: one("absent"),
    }),
  ],
  [
    4,
    of("timer", {
      name: one("job", "job", "app", "webd"),
      command: one(["/opt/ok"], ["/opt/ok", "it's %d"], ["/opt/none"]),
      on_calendar: one("daily", ["Mon *-*-* 03:00", "Fri *-*-* 03:00"]),
      persistent: maybe(fc.boolean()),
      enabled: maybe(fc.boolean()),
      started: maybe(fc.boolean()),
    }),
  ],
  [1, of("timer", { name: one("job", "app"), state: one("absent") })],
  // Where units that die leave a note.
  [2, of("file", { path: one("/lab/deaths"), state: one("absent") })],
];
