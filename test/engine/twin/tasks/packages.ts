import fc from "fast-check";
import { maybe, of, one, sha, type Weighted } from "./argument.ts";

export const packages: Weighted = [
  [
    5,
    of("apt", {
      name: one("tool", "webd", ["tool", "webd"], "tool=1.0", "tool=1.1*", "sour", "tuned", "extra", "ufw", "docker", "libweb"),
      state: one("present", "present", "latest"),
      update_cache: maybe(fc.boolean()),
      hold: maybe(fc.boolean()),
      autoremove: maybe(fc.boolean()),
      allow_downgrade: maybe(fc.boolean()),
    }),
  ],
  [
    1,
    of("apt", { name: one("tool", "webd", "libweb"), state: one("absent"), purge: maybe(fc.boolean()), autoremove: maybe(fc.boolean()) }),
  ],
  [1, of("apt", { update_cache: one(true), autoremove: maybe(fc.boolean()) })],
  [
    2,
    of("deb822_repository", {
      name: one("extra"),
      uris: one("https://packages.example.org/debian"),
      suites: one("trixie"),
      components: one("main"),
      signed_by: one("/usr/share/keyrings/x.asc", "-----BEGIN PGP PUBLIC KEY BLOCK-----\nx\n-----END PGP PUBLIC KEY BLOCK-----"),
      enabled: maybe(fc.boolean()),
    }),
  ],
  [
    1,
    of("deb822_repository", {
      name: one("extra"),
      uris: one("https://packages.example.org/debian"),
      suites: one("trixie"),
      components: one("main"),
      signed_by: one("https://files.example.org/one"),
      signed_by_checksum: one(sha("one\n"), sha("two\n")),
    }),
  ],
  [1, of("deb822_repository", { name: one("extra"), state: one("absent") })],
];
