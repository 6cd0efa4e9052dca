import { z } from "zod";
import { aptLists } from "../../facts/apt-lists.ts";
import { autoremovable } from "../../facts/autoremovable.ts";
import { candidate } from "../../facts/candidate.ts";
import { offer } from "../../facts/offer.ts";
import { packageFact } from "../../facts/package.ts";
import { defineModule } from "../../kernel/module.ts";
import { nameList } from "../parts/nameList.ts";
import { planApt } from "./aptPlan.ts";

const name = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9+.-]+(:[a-z0-9-]+)?(=[0-9][A-Za-z0-9.+:~-]*\*?)?$/,
    "a package is written `name`, `name:arch` or `name=version`, where the version may end in *",
  );

/** The arguments of `apt`, as Ansible names them. */
export const aptArguments = z
  .strictObject({
    name: nameList(name).optional().describe("Packages: a list, or names with commas. `name=1.2*` asks for a version."),
    state: z.enum(["present", "latest", "absent"]).default("present").describe("latest: also upgrade what is installed already."),
    update_cache: z
      .boolean()
      .default(false)
      .describe(
        "Run `apt-get update` first when something is to be installed and the lists are too old. Without `name`: whenever they are too old.",
      ),
    cache_valid_time: z
      .int()
      .min(0)
      .default(3600)
      .describe("Seconds that the lists stay good. A source that was written later makes them old at once."),
    purge: z.boolean().default(false).describe("With absent or autoremove: take the configuration away too."),
    autoremove: z.boolean().default(false).describe("Take away what came as a dependency and is no longer needed."),
    install_recommends: z
      .boolean()
      .optional()
      .describe("Whether recommended packages are installed too; the host's own setting when it is not given."),
    default_release: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9./=_-]*$/, "a release is a codename or suite: trixie-backports")
      .optional()
      .describe("The release to install from: `trixie-backports`."),
    hold: z.boolean().optional().describe("Put the packages on hold, or take them off."),
    allow_downgrade: z.boolean().default(false).describe("A pinned version may be older than the installed one."),
    allow_change_held_packages: z.boolean().default(false).describe("Packages on hold may be changed."),
  })
  .refine((a) => (a.name?.length ?? 0) > 0 || a.update_cache || a.autoremove, "give `name`, `update_cache: true` or `autoremove: true`")
  .refine((a) => !(a.hold && a.state === "absent"), "a package that shall be absent cannot be on hold");

/** Debian packages. */
export const apt = defineModule({
  name: "apt",
  kind: "state",
  summary: "Install, upgrade, pin, hold or remove Debian packages.",
  notes: [
    "Questions of packages are answered with the defaults and existing configuration files are kept; needrestart stays quiet. Another apt is waited for up to five minutes.",
    "Where Ansible runs `apt-get update` in every run, here it runs only when something has to be installed, or when `update_cache` stands alone.",
    "Names of virtual packages are not followed: write the package that provides them.",
  ],
  args: aptArguments,
  result: z.object({
    packages: z.record(z.string(), z.string()).describe("The version of each named package afterwards, empty when it is not installed."),
  }),
  keyValue: true,
  examples: [
    {
      title: "Two packages, with lists of at most a day",
      yaml: "apt: { name: [nginx, fail2ban], update_cache: true, cache_valid_time: 86400 }",
    },
    { title: "A version that stays", yaml: 'apt: { name: "docker-ce=5:29.*", hold: true }' },
    { title: "Gone, with its configuration", yaml: "apt: { name: telnet, state: absent, purge: true }" },
  ],
  facts: (args) => {
    const names = namesOf(args.name ?? []);
    return {
      packages: names.map((n) => packageFact(n.name)),
      candidates: args.state === "latest" ? names.filter((n) => n.version === undefined).map((n) => candidate(n.name)) : [],
      // Another release has another offer.
      offers:
        args.state === "present" && args.default_release === undefined
          ? names.filter((n) => n.version === undefined).map((n) => offer(n.name))
          : [],
      lists: args.update_cache ? [aptLists({ valid: args.cache_valid_time })] : [],
      leftovers: args.autoremove ? [autoremovable({ purge: args.purge })] : [],
    };
  },
  plan: (args, facts) => planApt({ ...args, wanted: namesOf(args.name ?? []) }, facts),
  resultOf: (_args, { after }) => ({
    packages: Object.fromEntries(after.packages.map((p) => [String(p.question.key), p.missing ? "" : (p.value.version ?? "")])),
  }),
});

/** `name=version` in its parts. */
function namesOf(names: readonly string[]): { name: string; version?: string }[] {
  return names.map((text) => {
    const eq = text.indexOf("=");
    return eq < 0 ? { name: text } : { name: text.slice(0, eq), version: text.slice(eq + 1) };
  });
}
