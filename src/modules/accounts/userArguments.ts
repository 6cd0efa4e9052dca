import { z } from "zod";
import { Secret } from "../../kernel/value.ts";
import { nameList } from "../parts/nameList.ts";
import { accountName } from "./accountName.ts";

const hash = /^(\$[0-9a-z]+\$\S+|[*!]\S*)$/;

/** The arguments of `user`, as Ansible names them. */
export const userArguments = z.strictObject({
  name: accountName("user").describe("Name of the user."),
  uid: z.int().min(0).max(4294967294).optional().describe("Number of the user; chosen by the host when it is not given."),
  group: accountName("group")
    .optional()
    .describe("Primary group; it must exist. Default for a new user: a group of the same name, made with it."),
  groups: nameList(accountName("group"))
    .optional()
    .describe("Supplementary groups; they must exist. An empty list takes the user out of all."),
  append: z.boolean().default(false).describe("Add to the groups that the user is in already, instead of replacing them."),
  shell: z.string().startsWith("/", "a shell is an absolute path").optional().describe("Login shell."),
  home: z.string().startsWith("/", "a home is an absolute path").optional().describe("Home directory."),
  create_home: z.boolean().default(true).describe("Make the home directory when it is not there."),
  move_home: z.boolean().default(false).describe("Take the files along when `home` changes."),
  system: z.boolean().default(false).describe("A system user. Only looked at when the user is created."),
  comment: z
    .string()
    .regex(/^[^:\n]*$/, "a comment holds no colon and no line end")
    .optional()
    .describe("The full name (GECOS)."),
  password: z
    .union([z.string(), z.instanceof(Secret)])
    .transform((text) => (text instanceof Secret ? text : new Secret(text)))
    .refine(
      (text) => hash.test(text.reveal()),
      "password takes a hash, never the plain text: make one with `mkpasswd -m yescrypt`, and keep it in a vault file",
    )
    .optional()
    .describe("The hashed password, as /etc/shadow holds it; `*` for none."),
  update_password: z
    .enum(["always", "on_create"])
    .default("always")
    .describe("Whether the password of a user that exists already is changed."),
  password_lock: z.boolean().optional().describe("Lock or unlock the password. A locked password does not stop a login by key."),
  expires: z
    .number()
    .optional()
    .describe("Seconds since 1970 at which the account ends (it ends by the day); a negative number for never."),
  remove: z.boolean().default(false).describe("With `state: absent`: remove the home directory and the mail too."),
  force: z.boolean().default(false).describe("With `state: absent`: remove even a user that is logged in."),
  state: z.enum(["present", "absent"]).default("present").describe("Whether the user shall exist."),
});

export type UserArguments = z.output<typeof userArguments>;

/** The day on which the account ends, as /etc/shadow counts: days since 1970, "" for never. */
export function expiryDay(expires: number): string {
  return expires < 0 ? "" : String(Math.floor(expires / 86400));
}
