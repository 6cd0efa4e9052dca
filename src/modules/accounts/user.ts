import { z } from "zod";
import { group as groupFact } from "../../facts/group.ts";
import { noUser, type User, user as userFact } from "../../facts/user.ts";
import { type Change, change } from "../../kernel/change.ts";
import { Answer } from "../../kernel/fact.ts";
import { defineModule, refusal } from "../../kernel/module.ts";
import { exec } from "../../kernel/step.ts";
import { Secret } from "../../kernel/value.ts";
import { asksForNumbers } from "../parts/free-number.ts";
import { programQuestions, withPrograms } from "../parts/programs.ts";
import { accountFiles } from "./accountFiles.ts";
import { userArguments } from "./userArguments.ts";
import { createUser, lockField, modifyUser, removeUser, setPassword } from "./userChanges.ts";

/** A local user. */
export const user = defineModule({
  name: "user",
  kind: "state",
  undoable: true,
  summary: "Create, change or remove a local user.",
  notes: [
    "The hash of the password is compared on the host by digest; neither the old nor the new one is ever shown.",
    "`expires`, `password` and `password_lock` read /etc/shadow and therefore need `become: true`.",
  ],
  args: userArguments,
  secretArgs: ["password"],
  result: z.object({
    name: z.string().describe("Name of the user."),
    state: z.string().describe("present or absent, as asked for."),
    uid: z.number().nullable().describe("Number of the user; null when it does not exist."),
    group: z.string().nullable().describe("Primary group."),
    groups: z.array(z.string()).describe("Supplementary groups, sorted."),
    home: z.string().nullable().describe("Home directory."),
    shell: z.string().nullable().describe("Login shell."),
    comment: z.string().nullable().describe("The full name."),
  }),
  keyValue: true,
  examples: [
    {
      title: "The user that owns the media",
      yaml: "user: { name: media, uid: 1500, group: media, shell: /usr/sbin/nologin, home: /srv/media, create_home: false }",
    },
    { title: "One more group", yaml: "user: { name: jellyfin, groups: [render, video], append: true }" },
    { title: "Gone, with its files", yaml: "user: { name: pi, state: absent, remove: true }" },
  ],
  facts: (args) => {
    const shadow = args.password !== undefined || args.password_lock !== undefined || args.expires !== undefined;
    const named = [...new Set([...(args.group === undefined ? [] : [args.group]), ...(args.groups ?? [])])];
    return {
      user: userFact({ name: args.name, ...(shadow && { password: true }) }),
      own: groupFact(args.name),
      numbers: asksForNumbers(args.state === "present"),
      programs: programQuestions(
        args.state === "absent" ? ["userdel"] : ["useradd", "usermod", ...(args.password === undefined ? [] : (["chpasswd"] as const))],
      ),
      groups: named.map((name) => groupFact(name)),
    };
  },
  plan(args, facts) {
    let answer = facts.user;
    if (args.state === "absent") return answer.value.present ? withPrograms([removeUser(args, answer)], facts.programs) : [];
    const missing = facts.groups.find((g) => !g.value.present);
    if (missing)
      return refusal(
        `there is no group "${String(missing.question.key)}" for user ${args.name}: put a task \`group: { name: ${String(missing.question.key)} }\` before this one`,
      );
    const asksShadow = args.password !== undefined || args.password_lock !== undefined || args.expires !== undefined;
    if (answer.value.present && asksShadow && answer.value.password === null)
      return refusal("/etc/shadow cannot be read: the task needs `become: true`");

    const changes: Change[] = [];
    const add = (planned: Change | undefined): void => {
      if (!planned) return;
      changes.push(planned);
      answer = new Answer(answer.question, planned.predicts[0]?.value as User);
    };
    const isNew = !answer.value.present;
    add(isNew ? createUser(args, answer, facts.own.value, facts.groups, facts.numbers[0]) : modifyUser(args, answer, facts.groups));
    if (args.password && (isNew || args.update_password === "always")) {
      const lock = args.password_lock ?? false;
      const hash = args.password.reveal();
      const wanted = lock && !hash.startsWith("!") ? new Secret(`!${hash}`) : args.password;
      add(setPassword(args.name, wanted, new Secret(`${args.name}:${wanted.reveal()}\n`), answer));
    }
    const password = answer.value.password;
    if (args.password_lock !== undefined && password && password.locked !== args.password_lock) {
      const lock = change(
        answer,
        { password: { ...password, locked: args.password_lock } },
        { do: [exec("usermod", args.password_lock ? "-L" : "-U", args.name)], undo: accountFiles },
      );
      add({ ...lock, fields: lockField(password, args.password_lock) });
    }
    return withPrograms(changes, facts.programs);
  },
  resultSoFar: ({ name, state }) => ({ name, state }),
  resultOf(args, { after }) {
    const now = after.user.missing ? noUser : after.user.value;
    return {
      name: args.name,
      state: args.state,
      uid: now.uid,
      group: now.group,
      groups: [...now.groups],
      home: now.home,
      shell: now.shell,
      comment: now.comment,
    };
  },
});
