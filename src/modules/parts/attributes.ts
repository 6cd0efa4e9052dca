import { z } from "zod";
import { type AccountValue, account } from "../../facts/account.ts";
import type { PathValue } from "../../facts/path.ts";
import type { Answer, Question } from "../../kernel/fact.ts";
import { type Refusal, refusal } from "../../kernel/module.ts";
import { type ExecStep, exec } from "../../kernel/step.ts";
import { modeAfter, modeArgument } from "./mode.ts";

const name = z.union([z.string().regex(/^[^\s:/]+$/, "a user or group is a name without blanks, or a number"), z.int().min(0)]);

/** The arguments owner, group and mode. */
export const attributeFields = {
  owner: name
    .optional()
    .describe("User that shall own it, as name or number. Default: as it is, and the user of the task for something new."),
  group: name
    .optional()
    .describe(
      "Group that shall own it, as name or number. Default: as it is, and the group of the user of the task (or of a setgid folder) for something new.",
    ),
  mode: modeArgument.optional().describe('Permissions: octal digits in quotes ("0644") or symbols with their class ("u=rwX,g=rX,o=").'),
};

export interface AttributeArguments {
  readonly owner?: string | number | undefined;
  readonly group?: string | number | undefined;
  readonly mode?: string | undefined;
}

/** Who shall own it, and who owns what the task's user makes. */
export function attributeQuestions(args: AttributeArguments) {
  const owner: Question<AccountValue>[] = args.owner === undefined ? [] : [account({ kind: "user", name: String(args.owner) })];
  const group: Question<AccountValue>[] = args.group === undefined ? [] : [account({ kind: "group", name: String(args.group) })];
  return { owner, group, me: account({ kind: "acting user" }), myGroup: account({ kind: "acting group" }) };
}

export interface AttributeAnswers {
  readonly owner: readonly Answer<AccountValue>[];
  readonly group: readonly Answer<AccountValue>[];
  readonly me: Answer<AccountValue>;
  readonly myGroup: Answer<AccountValue>;
}

/** Whose it is and what may be done with it. A number of -1 will only be known later. */
export type Attributes = Pick<PathValue, "mode" | "uid" | "gid" | "owner" | "group">;

interface Owner {
  readonly id: number;
  readonly name: string;
}

/** What the thing shall have: as asked, else as it is, else as something new in `parent` gets it. */
export function wantedAttributes(
  args: AttributeArguments,
  answers: AttributeAnswers,
  now: PathValue,
  parent: PathValue,
  fresh: { mode: string; directory: boolean },
): Attributes | Refusal {
  const isNew = now.type === "absent";
  const setgid = (Number.parseInt(parent.mode || "0", 8) & 0o2000) !== 0;
  const owner = asked(answers.owner[0], args.owner) ?? (isNew ? ownerOf(answers.me.value) : { id: now.uid, name: now.owner });
  const inherited = (): Owner => (setgid ? { id: parent.gid, name: parent.group } : ownerOf(answers.myGroup.value));
  const group = asked(answers.group[0], args.group) ?? (isNew ? inherited() : { id: now.gid, name: now.group });
  if (owner === "missing") return refusal(`there is no user "${args.owner}" on this host: make it with a task "user" before this one`);
  if (group === "missing") return refusal(`there is no group "${args.group}" on this host: make it with a task "group" before this one`);
  const from = isNew ? fresh.mode : now.mode;
  const mode = args.mode === undefined ? from : modeAfter(args.mode, from, fresh.directory);
  return { mode, uid: owner.id, gid: group.id, owner: owner.name, group: group.name };
}

function asked(answer: Answer<AccountValue> | undefined, argument: string | number | undefined): Owner | "missing" | undefined {
  if (!answer || argument === undefined) return undefined;
  const { exists, id } = answer.value;
  if (!exists && id === undefined) return "missing";
  return id === undefined ? { id: -1, name: String(argument) } : ownerOf(answer.value);
}

function ownerOf({ id = -1, name: known }: AccountValue): Owner {
  return { id, name: known ?? String(id) };
}

/** The names of the attributes that differ. A number that is not known yet is compared by name. */
export function differing(now: PathValue, wanted: Attributes): readonly ("owner" | "group" | "mode")[] {
  const owner = wanted.uid < 0 ? now.owner !== wanted.owner : now.uid !== wanted.uid;
  const group = wanted.gid < 0 ? now.group !== wanted.group : now.gid !== wanted.gid;
  return [
    ...(owner ? (["owner"] as const) : []),
    ...(group ? (["group"] as const) : []),
    ...(now.mode !== wanted.mode ? (["mode"] as const) : []),
  ];
}

/** chown first, as it takes set-id bits away; five octal digits, as four would leave the set-id bits of a folder. */
export function attributeSteps(paths: readonly string[], now: PathValue, wanted: Attributes): ExecStep[] {
  const names = differing(now, wanted);
  const owner = names.includes("owner");
  const group = names.includes("group");
  const special = wanted.mode[0] !== "0";
  const steps: ExecStep[] = [];
  if (owner) steps.push(exec("chown", group ? `${wanted.owner}:${wanted.group}` : wanted.owner, ...paths));
  else if (group) steps.push(exec("chgrp", wanted.group, ...paths));
  if (names.includes("mode") || (special && (owner || group))) steps.push(exec("chmod", `0${wanted.mode}`, ...paths));
  return steps;
}
