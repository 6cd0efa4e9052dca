import fc from "fast-check";
import { maybe, of, one, type Weighted } from "./argument.ts";

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJDUi0Wv8yEAD05tQbHdhb1qmDzFxF8b7ktPp4Eq2Ejk alice@laptop";

export const accounts: Weighted = [
  [
    3,
    of("group", {
      name: one("late", "labs", "webd"),
      gid: maybe(one(1500, 1501)),
      system: maybe(fc.boolean()),
      members: maybe(one([], ["webd"])),
      state: one("present", "present", "absent"),
    }),
  ],
  [
    5,
    of("user", {
      name: one("late", "late", "webd"),
      uid: maybe(one(1500, 1502)),
      group: maybe(one("labs", "users")),
      groups: maybe(one(["labs"], ["docker", "labs"], [])),
      append: maybe(fc.boolean()),
      shell: maybe(one("/bin/bash", "/usr/sbin/nologin")),
      home: maybe(one("/home/late", "/srv/late")),
      create_home: maybe(fc.boolean()),
      password: maybe(one("$6$abc$def", "*")),
      password_lock: maybe(fc.boolean()),
      expires: maybe(one(86_400 * 20_000, -1)),
    }),
  ],
  [1, of("user", { name: one("late", "webd"), state: one("absent"), remove: maybe(fc.boolean()) })],
  [
    2,
    of("authorized_key", {
      user: one("late", "admin"),
      key: one(key),
      exclusive: maybe(fc.boolean()),
      key_options: maybe(one("restrict")),
      state: maybe(one("present", "absent")),
    }),
  ],
];
