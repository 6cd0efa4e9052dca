import { z } from "zod";
import { type AuthorizedKeys, authorizedKeys } from "../../facts/authorized-keys.ts";
import { user as userFact } from "../../facts/user.ts";
import { change } from "../../kernel/change.ts";
import { defineModule, refusal } from "../../kernel/module.ts";
import { exec, type Step } from "../../kernel/step.ts";
import { cleanPath, filePath, parentOf } from "../parts/file-path.ts";
import { accountName } from "./accountName.ts";
import { keyFields, ownerFields } from "./authorizedKeyFields.ts";
import { keyLine, keyProblem, type PublicKey, parseKey } from "./publicKey.ts";

const args = z.strictObject({
  user: accountName("user").describe("The user who may log in with the keys."),
  key: z
    .union([z.string(), z.array(z.string())])
    .transform((key) => (typeof key === "string" ? key : key.join("\n")))
    .superRefine((text, context) => {
      const message = keyProblem(text);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    })
    .describe("Public keys: the text of a .pub file, several lines of that kind, or a list of them."),
  state: z.enum(["present", "absent"]).default("present").describe("Whether the keys shall be in the file."),
  exclusive: z.boolean().default(false).describe("No other keys: every line that is not given here goes."),
  key_options: z
    .string()
    .regex(/^[\x21\x23-\x7e]+("[^"\n]*"[\x21\x23-\x7e]*)*$/, "options are one text without blanks outside quotes")
    .optional()
    .describe('What stands before the keys: `restrict,from="192.168.1.0/24"`.'),
  path: filePath.transform(cleanPath).optional().describe("The file, where it is not ~/.ssh/authorized_keys."),
  manage_dir: z
    .boolean()
    .default(true)
    .describe("Make the folder, and see to it that only the user may enter it. Leave it off for a folder that others use too."),
});

type Args = z.output<typeof args>;

/** Keys that may log in. */
export const authorizedKey = defineModule({
  name: "authorized_key",
  kind: "state",
  undoable: true,
  summary: "Say which SSH keys may log in as a user.",
  notes: [
    "The file gets mode 0600 and its folder 0700, both owned by the user; a folder or file that is a symbolic link is refused.",
    "The last key of the user that Rempart logs in with is not protected: `exclusive` takes it away too.",
  ],
  args,
  result: z.object({ path: z.string().describe("The file with the keys."), keys: z.number().describe("How many keys are in it.") }),
  examples: [
    {
      title: "One key",
      yaml: "authorized_key: { user: alice, key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJDUi0Wv8yEAD05tQbHdhb1qmDzFxF8b7ktPp4Eq2Ejk alice@laptop }",
    },
    {
      title: "This key and no other, from home only",
      yaml: `authorized_key:
  user: backup
  exclusive: true
  key_options: restrict,from="192.168.1.0/24"
  key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJDUi0Wv8yEAD05tQbHdhb1qmDzFxF8b7ktPp4Eq2Ejk nas`,
    },
  ],
  facts: (a) => ({
    user: userFact({ name: a.user }),
    keys: authorizedKeys({ user: a.user, ...(a.path !== undefined && { path: a.path }) }),
  }),
  plan(a, facts) {
    const account = facts.user.value;
    if (!account.present) return refusal(`there is no user "${a.user}": put a task \`user: { name: ${a.user} }\` before this one`);
    const asked = facts.keys.value;
    const home = account.home ?? `/home/${a.user}`;
    // A user that an earlier task of the plan makes is not there yet for the question about the file.
    const now: AuthorizedKeys =
      asked.path === "" ? { ...asked, path: a.path ?? `${home}/.ssh/authorized_keys`, uid: account.uid ?? -1 } : asked;
    const lines = linesAfter(a, now.lines);
    if (a.state === "absent" && lines.join("\n") === now.lines.join("\n")) return [];
    const folder = parentOf(now.path);
    for (const [what, place] of [
      [now.folder, folder],
      [now.file, now.path],
    ] as const)
      if (what?.mode.startsWith("l")) return refusal(`${place} is a symbolic link: remove it, or name the real file with \`path\``);

    const owner = account.group === null ? a.user : `${a.user}:${account.group}`;
    const own = (mode: string) => ({ mode, uid: now.uid, gid: now.gid });
    const differs = (is: AuthorizedKeys["file"], mode: string): boolean =>
      is === null || is.mode !== mode || is.uid !== now.uid || is.gid !== now.gid;
    const steps: Step[] = [];
    const patch: { -readonly [F in keyof AuthorizedKeys]?: AuthorizedKeys[F] } = {};
    if (a.manage_dir && differs(now.folder, "drwx------")) {
      patch.folder = own("drwx------");
      if (now.folder === null) steps.push(exec("mkdir", "-p", "-m", "0700", "--", folder));
      steps.push(exec("chown", owner, folder), exec("chmod", "0700", folder));
    }
    if (lines.join("\n") !== now.lines.join("\n") || differs(now.file, "-rw-------")) {
      patch.file = own("-rw-------");
      patch.lines = lines;
      steps.push({
        do: "write",
        path: now.path,
        content: lines.map((line) => `${line}\n`).join(""),
        mode: "0600",
        owner: a.user,
        group: account.group ?? a.user,
      });
    }
    if (steps.length === 0) return [];
    const planned = change(
      facts.keys,
      { ...now, ...patch },
      {
        do: steps,
        subject: `file ${now.path}`,
        undo: { paths: patch.folder ? [folder] : [], run: [] },
      },
    );
    const modes = [
      ...(patch.folder ? ownerFields("folder", now.folder, patch.folder.mode, now.uid, now.gid) : []),
      ...(patch.file ? ownerFields("file", now.file, patch.file.mode, now.uid, now.gid) : []),
    ];
    return [{ ...planned, fields: [...keyFields(now.lines, lines), ...modes] }];
  },
  resultOf: (_args, { after }) =>
    after.keys.missing ? { path: "", keys: 0 } : { path: after.keys.value.path, keys: count(after.keys.value.lines) },
});

/** The lines that the file shall have. Comments and other keys stay where they are, unless the list is exclusive. */
function linesAfter(a: Args, before: readonly string[]): string[] {
  const wanted = a.key.split("\n").flatMap((line): PublicKey[] => {
    const key = parseKey(line);
    return key ? [a.key_options === undefined ? key : { ...key, options: a.key_options }] : [];
  });
  const same = (line: string): PublicKey | undefined => wanted.find((w) => w.key === parseKey(line)?.key);
  if (a.state === "absent") return before.filter((line) => !same(line));
  const fits = (line: string): string => {
    const [now, want] = [parseKey(line), same(line)];
    return now && want && now.options !== want.options ? keyLine(want) : line;
  };
  const kept = before.filter((line) => same(line) !== undefined || !a.exclusive).map(fits);
  const missing = wanted.filter((w) => !kept.some((line) => parseKey(line)?.key === w.key));
  return [...kept, ...missing.map(keyLine)];
}

function count(lines: readonly string[]): number {
  return lines.filter((line) => parseKey(line) !== undefined).length;
}
