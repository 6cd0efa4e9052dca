import { z } from "zod";
import { path } from "../../facts/path.ts";
import type { Change } from "../../kernel/change.ts";
import type { Answer } from "../../kernel/fact.ts";
import { defineModule, type Refusal, refusal } from "../../kernel/module.ts";
import { Secret } from "../../kernel/value.ts";
import { longestPassword } from "../parts/bcrypt.ts";
import { editedFile } from "../parts/edited-file.ts";
import { oneFileFields, pathOf, pathProblem } from "../parts/one-file.ts";
import { pathResult, pathResultOf } from "../parts/path-result.ts";
import { fileQuestions } from "../parts/whole-file.ts";
import { entryInWords, type PasswordTask, withoutUser, withPassword } from "./htpasswdText.ts";

const userName = z
  .string()
  .regex(/^[^\s:#][^:\r\n\0]{0,254}$/, "a user name has no colon and no line break, does not begin with # and has at most 255 characters");

const args = z
  .strictObject({
    ...oneFileFields,
    name: userName.optional().describe("Name of the user."),
    username: userName.optional().describe("The same as name."),
    password: z
      .union([z.string(), z.instanceof(Secret)])
      .transform((text) => (text instanceof Secret ? text : new Secret(text)))
      .refine((text) => text.reveal() !== "" && !/[\r\n\0]/.test(text.reveal()), "a password is one line and not empty")
      .refine(
        (text) => Buffer.byteLength(text.reveal()) <= longestPassword,
        `bcrypt looks at ${longestPassword} bytes only: give a password that is not longer`,
      )
      .optional()
      .describe("The password itself; it is hashed on the controller. Keep it in a vault file."),
    state: z.enum(["present", "absent"]).optional().describe("Whether the user shall be in the file. Default: present."),
    create: z.boolean().optional().describe("Make the file when it is not there. Default true."),
    cost: z
      .int()
      .min(8)
      .max(14)
      .optional()
      .describe(
        "Cost of bcrypt; an entry that costs less is made again when it is given. Default 10: about 60 ms for each try of a login.",
      ),
    hash_scheme: z
      .literal("bcrypt", { error: "only bcrypt is written here: apr1, SHA-1 and crypt are tried by the billion; leave hash_scheme out" })
      .optional()
      .describe("Only bcrypt."),
    crypt_scheme: z
      .literal("bcrypt", { error: "only bcrypt is written here: apr1, SHA-1 and crypt are tried by the billion; leave crypt_scheme out" })
      .optional()
      .describe("Only bcrypt."),
  })
  .superRefine((a, context) => {
    const names = (a.name === undefined) === (a.username === undefined) ? 'needs the argument "name" (or "username"), once' : undefined;
    const password = a.state !== "absent" && a.password === undefined ? "state: present needs password" : undefined;
    const problem = pathProblem(a) ?? names ?? password;
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  });

const machineId = "/etc/machine-id";
const defaultCost = 10;

/** The text that salts come from, or why there is none. */
function salting(answer: Answer<{ readonly content?: string }>, file: string): string | Refusal {
  const id = answer.value.content?.trim() ?? "";
  if (!/^[0-9a-f]{32}$/.test(id))
    return refusal(`${machineId} holds no number of this machine, which salts are made from: make it with systemd-machine-id-setup`);
  return `${id} ${file}`;
}

/** Holds a user in a password file for basic authentication. */
export const htpasswd = defineModule({
  name: "htpasswd",
  aliases: ["community.general.htpasswd"],
  kind: "state",
  undoable: true,
  summary: "Hold a user with a password in a file for HTTP basic authentication.",
  notes: [
    "Passwords are written as bcrypt, which nginx (by libcrypt of Debian 11 and later) and Apache read. An entry that is right already stays as it is.",
    "An entry of another kind (apr1, SHA-1, crypt) cannot be checked here: it is replaced.",
    "A new file gets the mode 0640; give the group of the web server, so that it can read it.",
    "The salt comes from the machine-id of the host, the path, the name and what stood in the file, so that a plan file can be applied; it holds nothing of the password.",
    "No diff is shown, as hashes can be guessed against.",
  ],
  args,
  result: pathResult,
  examples: [
    {
      title: "Who may see the statistics",
      yaml: 'htpasswd: { path: /etc/nginx/admin.htpasswd, name: alice, password: "{{ vault_alice }}", owner: root, group: www-data }',
    },
    { title: "No longer", yaml: "htpasswd: { path: /etc/nginx/admin.htpasswd, name: bob, state: absent }" },
  ],
  secretArgs: ["password"],
  facts: (a) => ({ ...fileQuestions({ ...a, path: pathOf(a) }), machine: path({ path: machineId, want: "content" }) }),
  plan(a, facts) {
    const at = pathOf(a);
    const name = a.name ?? a.username ?? "";
    const removes = a.state === "absent";
    const file = { ...a, path: at, create: a.create ?? true, removes, secret: true, freshMode: "0640" };
    const text = facts.file.value.content ?? "";
    if (removes)
      return named(
        editedFile(file, facts, (t) => withoutUser(t, name)),
        name,
        entryInWords(text, name),
        undefined,
      );
    const salts = salting(facts.machine, at);
    if (typeof salts === "object") return salts;
    const cost = a.cost ?? defaultCost;
    const task: PasswordTask = { name, password: a.password?.reveal() ?? "", cost, atLeast: a.cost ?? 0, salting: salts };
    const planned = editedFile(file, facts, (t) => withPassword(t, task));
    return named(planned, name, entryInWords(text, name, task), entryInWords(withPassword(text, task), name, task));
  },
  resultOf: (a, { after }) => pathResultOf(pathOf(a), after.file),
});

/** The change of the content with what becomes of the user, in words that may be shown. */
function named(
  planned: readonly Change[] | Refusal,
  name: string,
  before: string | undefined,
  after: string | undefined,
): readonly Change[] | Refusal {
  if ("refused" in planned) return planned;
  return planned.map((c) =>
    c.fields.some((f) => f.name === "content") && before !== after
      ? { ...c, fields: [...c.fields, { name: `password of ${name}`, before, after, open: true as const }] }
      : c,
  );
}
