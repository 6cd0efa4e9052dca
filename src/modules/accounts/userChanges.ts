import { createHash } from "node:crypto";
import { account } from "../../facts/account.ts";
import { type Group, group, noGroup } from "../../facts/group.ts";
import type { NewAccounts } from "../../facts/new-accounts.ts";
import { path, something } from "../../facts/path.ts";
import { noUser, type Password, type User } from "../../facts/user.ts";
import { type Change, type ChangedField, change, type Prediction } from "../../kernel/change.ts";
import type { Answer } from "../../kernel/fact.ts";
import { SecretDigest } from "../../kernel/fingerprint.ts";
import { type ExecStep, exec } from "../../kernel/step.ts";
import type { Secret } from "../../kernel/value.ts";
import { freeUid, taken } from "../parts/free-number.ts";
import { accountFiles } from "./accountFiles.ts";
import { expiryDay, type UserArguments } from "./userArguments.ts";
import { passwordDigest, userFields } from "./userFields.ts";

/** useradd, and what it leads to; numbers and defaults that the host chooses stay open. */
export function createUser(
  args: UserArguments,
  answer: Answer<User>,
  ownGroup: Group,
  groups: readonly Answer<Group>[],
  numbers?: Answer<NewAccounts>,
): Change {
  const host = numbers && !numbers.missing ? numbers.value : undefined;
  const makesGroup = args.group === undefined && !ownGroup.present && host?.ownGroups === true;
  const uid = args.uid ?? freeUid(numbers, args.system, makesGroup);
  const gid = makesGroup && uid !== undefined && !host.gids.includes(uid) ? uid : undefined;
  const options = [
    ...given("-u", uid),
    ...(args.group !== undefined ? ["-g", args.group] : ownGroup.present ? ["-N"] : []),
    ...(args.groups?.length ? ["-G", args.groups.join(",")] : []),
    ...given("-d", args.home),
    ...given("-s", args.shell),
    ...given("-c", args.comment),
    ...(args.expires === undefined ? [] : ["-e", expiryDate(args.expires)]),
    ...(args.system ? ["-r"] : []),
    args.create_home ? "-m" : "-M",
  ];
  const shown: User = {
    ...noUser,
    present: true,
    uid: args.uid ?? null,
    group: args.group ?? null,
    groups: [...(args.groups ?? [])].sort(),
    comment: args.comment ?? "",
    home: args.home ?? null,
    shell: args.shell ?? null,
    homeExists: args.create_home,
    password: shadowOf("!", args.expires === undefined ? "" : expiryDay(args.expires)),
  };
  const made: User = {
    ...shown,
    uid: uid ?? null,
    group: args.group ?? (makesGroup ? args.name : null),
    home: args.home ?? (host ? `${host.homes}/${args.name}` : null),
    shell: args.shell ?? (host?.shell || null),
  };
  const numbersBehind = numbers && uid !== undefined && (gid !== undefined || !makesGroup) ? [taken(numbers, uid, gid)] : [];
  const planned = change(answer, made, {
    do: [exec("useradd", ...options, args.name)],
    // The files of a home come from /etc/skel.
    opaque: args.create_home,
    goesOn: true,
    also: [
      ...owner(args.name, true, uid),
      ...comesWith(args, made.home, ownGroup, gid),
      ...joining(args.name, made.groups, groups),
      ...numbersBehind,
    ],
    ...(!args.create_home && { undo: accountFiles }),
  });
  return { ...planned, fields: userFields(answer.value, shown) };
}

/** What useradd makes beside the user, for those who look there in check mode: a group of the same name, and the home. */
function comesWith(args: UserArguments, known: string | null, ownGroup: Group, gid: number | undefined): Prediction<unknown>[] {
  const home = known ?? `/home/${args.name}`;
  return [
    ...(args.create_home ? [{ question: path({ path: home }), value: something }] : []),
    ...(args.group === undefined && !ownGroup.present
      ? [
          { question: group(args.name), value: { ...noGroup, present: true, gid: gid ?? null } },
          {
            question: account({ kind: "group", name: args.name }),
            value: gid === undefined ? { exists: true } : { exists: true, id: gid, name: args.name },
          },
        ]
      : []),
  ];
}

/** usermod for everything that differs, and nothing when nothing does. */
export function modifyUser(args: UserArguments, answer: Answer<User>, groups: readonly Answer<Group>[]): Change | undefined {
  const now = answer.value;
  const options: string[] = [];
  const patch: { -readonly [F in keyof User]?: User[F] } = {};
  const set = <F extends keyof User>(field: F, value: User[F] | undefined, ...flags: string[]): void => {
    if (value === undefined || now[field] === value) return;
    patch[field] = value;
    options.push(...flags);
  };
  set("uid", args.uid, "-u", String(args.uid));
  set("group", args.group, "-g", String(args.group));
  set("home", args.home, ...(args.move_home ? ["-m"] : []), "-d", String(args.home));
  set("shell", args.shell, "-s", String(args.shell));
  set("comment", args.comment, "-c", String(args.comment));
  const wanted = args.groups && [...new Set([...(args.append ? now.groups : []), ...args.groups])].sort();
  if (wanted && wanted.join() !== now.groups.join()) {
    patch.groups = wanted;
    options.push(...(args.append ? ["-a"] : []), "-G", (args.append ? wanted.filter((g) => !now.groups.includes(g)) : wanted).join(","));
  }
  if (args.expires !== undefined && now.password && now.password.expires !== expiryDay(args.expires)) {
    patch.password = { ...now.password, expires: expiryDay(args.expires) };
    options.push("-e", expiryDate(args.expires));
  }
  const steps: ExecStep[] = options.length > 0 ? [exec("usermod", ...options, args.name)] : [];
  const home = args.home ?? now.home;
  if (args.create_home && home !== null && (args.home === undefined || args.home === now.home) && !now.homeExists) {
    patch.homeExists = true;
    steps.push(
      exec("cp", "-R", "/etc/skel", home),
      exec("chown", "-R", `${args.name}:${args.group ?? now.group ?? ""}`, home),
      exec("chmod", "0700", home),
    );
  }
  if (steps.length === 0) return undefined;
  const also: Prediction<unknown>[] = joining(args.name, wanted ?? [], groups);
  if (patch.uid !== undefined) also.push(...owner(args.name, true, args.uid));
  // A home that was made or moved is not taken back.
  const opaque = patch.home !== undefined || patch.homeExists !== undefined;
  const planned = change(answer, patch, { do: steps, also, opaque, ...(!opaque && { undo: accountFiles }) });
  return { ...planned, fields: userFields(now, { ...now, ...patch }) };
}

/** The groups of which the user becomes a member. */
function joining(name: string, wanted: readonly string[], groups: readonly Answer<Group>[]): Prediction<unknown>[] {
  const joined = groups.filter((g) => wanted.includes(g.question.key as string) && !g.value.members.includes(name));
  return joined.map((g) => ({ question: g.question, value: { ...g.value, members: [...g.value.members, name] } }));
}

/** userdel. */
export function removeUser(args: UserArguments, answer: Answer<User>): Change {
  const options = [...(args.remove ? ["-r"] : []), ...(args.force ? ["-f"] : [])];
  const planned = change(answer, noUser, {
    do: [exec("userdel", ...options, args.name)],
    opaque: true,
    also: owner(args.name, false),
    ...(!args.remove && { undo: accountFiles }),
  });
  return { ...planned, fields: userFields({ ...answer.value, homeExists: args.remove && answer.value.homeExists }, noUser) };
}

/** What tasks about files will hear when they ask whether the user exists. */
function owner(name: string, exists: boolean, id?: number): Prediction<unknown>[] {
  return [{ question: account({ kind: "user", name }), value: exists && id !== undefined ? { exists, id, name } : { exists } }];
}

/** chpasswd reads the hash from its stdin, so no process list shows it. */
export function setPassword(name: string, hash: Secret, line: Secret, answer: Answer<User>): Change | undefined {
  const password = shadowOf(hash.reveal(), answer.value.password?.expires ?? "");
  if (answer.value.password?.digest === password.digest && answer.value.password.locked === password.locked) return undefined;
  const planned = change(answer, { password }, { do: [{ ...exec("chpasswd", "-e"), stdin: line }], secret: true, undo: accountFiles });
  const old = passwordDigest(answer.value.password?.digest);
  const fields = [
    { name: "password", before: old && new SecretDigest(old), after: new SecretDigest(password.digest) },
    ...lockField(answer.value.password, password.locked),
  ];
  return { ...planned, fields, subject: `password of ${name}` };
}

/** Whether a login by password is shut off, where that changes. */
export function lockField(before: Password | null, locked: boolean): ChangedField[] {
  if ((before?.locked ?? locked) === locked) return [];
  const word = (is: boolean): string => (is ? "locked" : "open");
  return [{ name: "login by password", before: word(!locked), after: word(locked), open: true }];
}

/** What /etc/shadow will say about this hash. */
function shadowOf(hash: string, expires: string): Password {
  return { locked: hash.startsWith("!"), digest: createHash("sha256").update(hash.replace(/^!/, "")).digest("hex"), expires };
}

function given(flag: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [flag, String(value)];
}

function expiryDate(expires: number): string {
  return expires < 0 ? "" : new Date(Number(expiryDay(expires)) * 86_400_000).toISOString().slice(0, 10);
}
