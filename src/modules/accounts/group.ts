import { z } from "zod";
import { account } from "../../facts/account.ts";
import { type Group, group as groupFact, noGroup } from "../../facts/group.ts";
import type { NewAccounts } from "../../facts/new-accounts.ts";
import { type Change, change, type Prediction } from "../../kernel/change.ts";
import type { Answer } from "../../kernel/fact.ts";
import { defineModule } from "../../kernel/module.ts";
import { type ExecStep, exec } from "../../kernel/step.ts";
import { asksForNumbers, freeGid, taken } from "../parts/free-number.ts";
import { programQuestions, withPrograms } from "../parts/programs.ts";
import { withState } from "../parts/state-field.ts";
import { accountFiles } from "./accountFiles.ts";
import { accountName } from "./accountName.ts";

const args = z.strictObject({
  name: accountName("group").describe("Name of the group."),
  gid: z.int().min(0).max(4294967294).optional().describe("Number of the group; chosen by the host when it is not given."),
  system: z
    .boolean()
    .default(false)
    .describe("Take the number from the range for system groups. Only looked at when the group is created."),
  members: z
    .array(accountName("user"))
    .optional()
    .describe(
      "All users that are in it beside those whose primary group it is; whoever else is in it is taken out. Left alone when it is not given.",
    ),
  state: z.enum(["present", "absent"]).default("present").describe("Whether the group shall exist."),
});

type Args = z.output<typeof args>;

/** A local group. */
export const group = defineModule({
  name: "group",
  kind: "state",
  undoable: true,
  summary: "Create, change or remove a local group.",
  args,
  result: z.object({
    name: z.string().describe("Name of the group."),
    gid: z.number().nullable().describe("Number of the group; null when it does not exist."),
    state: z.string().describe("present or absent, as asked for."),
  }),
  keyValue: true,
  examples: [
    { title: "A group with a fixed number", yaml: "group: { name: media, gid: 1500 }" },
    { title: "Nobody but this one user in it", yaml: "group: { name: docker, members: [admin] }" },
    { title: "No such group", yaml: "group: { name: games, state: absent }" },
  ],
  facts: (args) => ({
    group: groupFact(args.name),
    numbers: asksForNumbers(args.state === "present" && args.gid === undefined),
    programs: programQuestions(programsFor(args)),
  }),
  plan: (args, facts) => withPrograms(planGroup(args, facts.group, facts.numbers[0]), facts.programs),
  resultSoFar: ({ name, state }) => ({ name, state }),
  resultOf: (args, { after }) => ({ name: args.name, gid: after.group.missing ? null : after.group.value.gid, state: args.state }),
});

function programsFor({ state, gid, members }: Args): Parameters<typeof programQuestions>[0] {
  if (state === "absent") return ["groupdel"];
  return (["groupadd", "groupmod", "gpasswd"] as const).filter(
    (name) => name === "groupadd" || (name === "groupmod" ? gid !== undefined : members !== undefined),
  );
}

function planGroup(args: Args, answer: Answer<Group>, numbers: Answer<NewAccounts> | undefined): readonly Change[] {
  const now = answer.value;
  if (args.state === "absent")
    return now.present
      ? [withState(change(answer, noGroup, { do: [exec("groupdel", args.name)], undo: accountFiles, also: owner(args.name, false) }))]
      : [];
  if (!now.present) {
    // The number is chosen here, so that those who come later know it; the host may have given it away when the task is done.
    const gid = args.gid ?? freeGid(numbers, args.system);
    const options = [...(gid === undefined ? [] : ["-g", String(gid)]), ...(args.system ? ["-r"] : [])];
    const members = args.members ?? [];
    const made: Group = { present: true, gid: gid ?? null, members };
    const also = [...owner(args.name, true, gid), ...(numbers && gid !== undefined ? [taken(numbers, undefined, gid)] : [])];
    const added = withState(
      change(answer, made, {
        do: [exec("groupadd", ...options, args.name), ...(members.length > 0 ? [setMembers(args.name, members)] : [])],
        undo: accountFiles,
        also,
      }),
    );
    return [{ ...added, fields: added.fields.filter((f) => f.name !== "gid" || args.gid !== undefined) }];
  }
  const gid = args.gid !== undefined && now.gid !== args.gid ? args.gid : undefined;
  const members = args.members && !sameNames(args.members, now.members) ? args.members : undefined;
  if (gid === undefined && !members) return [];
  return [
    change(
      answer,
      { ...(gid !== undefined && { gid }), ...(members && { members }) },
      {
        do: [
          ...(gid === undefined ? [] : [exec("groupmod", "-g", String(gid), args.name)]),
          ...(members ? [setMembers(args.name, members)] : []),
        ],
        undo: accountFiles,
        also: gid === undefined ? [] : owner(args.name, true, gid),
      },
    ),
  ];
}

function setMembers(name: string, members: readonly string[]): ExecStep {
  return exec("gpasswd", "-M", members.join(","), name);
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
}

/** What tasks about files will hear when they ask whether the group exists. */
function owner(name: string, exists: boolean, id?: number): Prediction<unknown>[] {
  return [{ question: account({ kind: "group", name }), value: exists && id !== undefined ? { exists, id, name } : { exists } }];
}
