import type { User } from "../../facts/user.ts";
import type { ChangedField } from "../../kernel/change.ts";
import { differences } from "../../kernel/difference.ts";

const names = ["uid", "group", "groups", "comment", "home", "shell"] as const;

/** A user before and after, field by field, with the words of passwd(5). What the host will choose is left open. */
export function userFields(before: User, after: User): readonly ChangedField[] {
  const [old, now] = [words(before), words(after)];
  const keys = ["state", ...names, "home folder", "expires"];
  return keys
    .flatMap((key) => differences(key, old[key], now[key]))
    .filter((f) => !(after.present && !before.present && f.after === undefined));
}

function words(user: User): Readonly<Record<string, unknown>> {
  if (!user.present) return {};
  const known = names.map((name) => [name, user[name] === null || user[name] === "" ? undefined : user[name]]);
  const { groups, password } = user;
  return {
    state: "present",
    ...Object.fromEntries(known),
    groups: groups.length === 0 ? undefined : groups,
    "home folder": user.homeExists ? "present" : undefined,
    expires: password && password.expires !== "" ? dateOf(password.expires) : undefined,
  };
}

/** Days since 1970 as a date; a day that is none stays as it is. */
function dateOf(days: string): string {
  const date = new Date(Number(days) * 86_400_000);
  return Number.isNaN(date.getTime()) ? days : date.toISOString().slice(0, 10);
}

/** Digests of what stands in shadow(5) where there is no password: nothing at all, `*`, `!` (which was taken off). */
const none = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "684888c0ebb17f374298b65ee2807526c066094c701bcc7ebbe1c1095f494fc1",
  "bb7208bc9b5d7c04f1236a82a0093a5e33f40423d5ba8d4266f7092c3ba43b62",
];

/** The digest of a password, undefined where there is none. */
export function passwordDigest(digest: string | undefined): string | undefined {
  return digest === undefined || none.includes(digest) ? undefined : digest;
}
