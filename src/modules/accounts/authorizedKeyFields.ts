import { createHash } from "node:crypto";
import type { AuthorizedKeys } from "../../facts/authorized-keys.ts";
import type { ChangedField } from "../../kernel/change.ts";
import { type PublicKey, parseKey } from "./publicKey.ts";

/** Which keys come, go and get other options: by comment and fingerprint, as `ssh-keygen -l` has them, never the keys themselves. */
export function keyFields(before: readonly string[], after: readonly string[]): ChangedField[] {
  const [old, now] = [keysOf(before), keysOf(after)];
  const all = [...new Map([...old, ...now]).keys()];
  const keys = all.flatMap((blob): ChangedField[] => {
    const [was, is] = [old.get(blob), now.get(blob)];
    if (!was || !is) return [{ name: "key", before: was && keyName(was), after: is && keyName(is) }];
    return was.options === is.options
      ? []
      : [{ name: `options of key ${keyName({ ...is, options: "" })}`, before: was.options || undefined, after: is.options || undefined }];
  });
  const others = [before, after].map((lines) => lines.filter((line) => line.trim() !== "" && !parseKey(line)).length);
  return [...keys, ...(others[0] === others[1] ? [] : [{ name: "other lines", before: others[0], after: others[1] }])];
}

/** Who owns the file and its folder, and who may read them. */
export function ownerFields(name: string, now: AuthorizedKeys["file"], mode: string, uid: number, gid: number): ChangedField[] {
  const owner = { before: now ? `${now.uid}:${now.gid}` : undefined, after: `${uid}:${gid}` };
  return [
    ...(now?.mode === mode ? [] : [{ name: `${name} mode`, before: now?.mode, after: mode }]),
    ...(now && owner.before !== owner.after ? [{ name: `${name} owner`, ...owner }] : []),
  ];
}

function keysOf(lines: readonly string[]): ReadonlyMap<string, PublicKey> {
  return new Map(lines.flatMap((line) => [parseKey(line)].filter((key) => key !== undefined)).map((key) => [key.key, key]));
}

function keyName({ key, comment, options }: PublicKey): string {
  const [type = "", blob = ""] = key.split(" ");
  const digest = createHash("sha256").update(Buffer.from(blob, "base64")).digest("base64").replace(/=+$/, "");
  return [comment || "(no comment)", type, `SHA256:${digest}`, ...(options ? [`with ${options}`] : [])].join(" ");
}
