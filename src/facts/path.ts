import { createHash } from "node:crypto";
import { defineFact, NoAnswer } from "../kernel/fact.ts";
import { joinShell, sh } from "../kernel/sh.ts";
import { collected } from "./collected.ts";
import { namesScript } from "./names-script.ts";
import { contentLimit, diffLimit, digestLimit, type PathKey } from "./path-key.ts";
import { collectPaths, lookFunctions, tellFunctions } from "./path-script.ts";
import { Records } from "./records.ts";

/** What stands at a path. */
export interface PathValue {
  readonly type: "absent" | "file" | "directory" | "link" | "other" | "something";
  /** Four octal digits. Empty when absent. */
  readonly mode: string;
  /** -1 when absent, or when a prediction cannot tell. */
  readonly uid: number;
  readonly gid: number;
  /** The name in the target's /etc/passwd and /etc/group, or the number as text. */
  readonly owner: string;
  readonly group: string;
  /** Bytes of a regular file; 0 for everything else. */
  readonly size: number;
  /** Of a link, as written in it. */
  readonly target?: string;
  /** Known when the size fits the wanted one, or when the content is known. */
  readonly sha256?: string;
  /** The text, when it was asked for, is within the limit and holds no NUL. */
  readonly content?: string;
  /** The same, one character per byte, when it is not UTF-8. */
  readonly bytes?: string;
  /** The content was due, but holds a NUL byte. */
  readonly binary?: true;
}

/** The value of a path where nothing is. */
export const absent: PathValue = { type: "absent", mode: "", uid: -1, gid: -1, owner: "", group: "", size: 0 };

/** A prediction: something will be there, and what it is will be known then. Only for those who ask with `orSomething`. */
export const something: PathValue = { ...absent, type: "something" };

const types = { f: "file", d: "directory", l: "link", o: "other" } as const;
const letters = { file: "f", directory: "d", link: "l", other: "o" } as const;
/** More keys than this are asked in groups: a shell handles long argument lists badly. */
const groupSize = 200;

/** What stands at a path: type, mode, owner, group, size and, as far as asked, digest and content. */
export const path = defineFact<PathKey, PathValue>({
  kind: "path",
  summary: "What stands at a path: type, mode, owner, group, size, link target, and as far as asked its digest and content.",
  object: (key) => key.path,
  ...collected([namesScript, lookFunctions, tellFunctions], (keys) => {
    const groups = Array.from({ length: Math.ceil(keys.length / groupSize) }, (_, i) => keys.slice(i * groupSize, (i + 1) * groupSize));
    return joinShell([sh`_o=`, ...groups.map(collectPaths)]);
  }),
  read(stdout, keys) {
    const records = new Records(stdout, "path");
    const values = keys.map((key) => readOne(records, key));
    records.end();
    return values;
  },
  write: writeOne,
  // A digest tells as much of a content as the content, and costs neither its reading nor its way over the line.
  proofKey: (key, value) => (value.sha256 === undefined || key.want === undefined ? key : { path: key.path, want: "digest" }),
  absent: ({ type }) => type === "absent",
  brought: (key) => (key.orSomething ? something : undefined),
  enough: (key, value) =>
    value.type === "something"
      ? key.orSomething === true
      : writeOne(key, { ...value, uid: Math.max(0, value.uid), gid: Math.max(0, value.gid) }) !== undefined,
  within: (key) => key.path.split("/").flatMap((_, i, parts) => (i > 1 ? [`path ${parts.slice(0, i).join("/")}`] : [])),
});

function readOne(records: Records, key: PathKey): PathValue | NoAnswer {
  const line = records.line();
  if (line === "-") return absent;
  if (line.startsWith("!")) return new NoAnswer(whyNot[line.slice(1)] ?? line.slice(1));
  const [letter, size, mode, uid, gid, owner, group, digest, length, ...rest] = line.split(" ");
  const type = types[letter as keyof typeof types];
  if (type === undefined || length === undefined || rest.length > 0)
    throw new Error(`path ${key.path}: unexpected record ${JSON.stringify(line)}`);
  const base: PathValue = {
    type,
    mode: mode ?? "",
    uid: Number(uid),
    gid: Number(gid),
    owner: owner ?? "",
    group: group ?? "",
    size: Number(size),
  };
  if (type === "link") return withTarget(base, records.rawLine());
  const sha256 = digest === "-" ? undefined : digest;
  if (length === "b") return { ...base, ...(sha256 !== undefined && { sha256 }), binary: true };
  if (length === "-") return { ...base, ...(sha256 !== undefined && { sha256 }) };
  return { ...base, ...withContent(records.bytes(Number(length))) };
}

function withTarget(base: PathValue, raw: Buffer): PathValue | NoAnswer {
  const target = raw.toString("utf8");
  return Buffer.from(target).equals(raw) ? { ...base, target } : new NoAnswer("the target of the link is not UTF-8");
}

const whyNot: Readonly<Record<string, string>> = {
  denied: "the user of this task may not look there; use become: true",
  listing: "the listing of this path could not be read",
  unreadable: "the user of this task may not read the file, or it moved while it was read; use become: true",
};

/** The part of a value that a known content gives. */
export function withContent(content: string | Buffer): Pick<PathValue, "sha256" | "content" | "bytes"> {
  const buffer = typeof content === "string" ? Buffer.from(content) : content;
  const sha256 = createHash("sha256").update(buffer).digest("hex");
  const text = buffer.toString("utf8");
  return Buffer.from(text).equals(buffer) ? { sha256, content: text } : { sha256, bytes: buffer.toString("latin1") };
}

function writeOne(key: PathKey, value: PathValue): Buffer | undefined {
  if (value.type === "absent") return Buffer.from("-\n");
  if (value.type === "something" || value.uid < 0 || value.gid < 0) return undefined;
  const start = `${letters[value.type]} ${value.size} ${value.mode} ${value.uid} ${value.gid} ${value.owner} ${value.group}`;
  if (value.type === "link") return value.target === undefined ? undefined : Buffer.from(`${start} - -\n${value.target}\n`);
  const { want } = key;
  if (value.type !== "file" || want === undefined) return Buffer.from(`${start} - -\n`);
  const limit = want === "content" ? contentLimit : diffLimit;
  const odd = value.binary === true || (value.size > diffLimit && value.size <= digestLimit);
  const sized = want === "digest" || (want !== "content" && (want.size === value.size || odd));
  if (sized && value.sha256 === undefined) return undefined;
  const digest = sized ? value.sha256 : "-";
  if (value.size > limit || want === "digest" || (want !== "content" && digest === want.sha256))
    return Buffer.from(`${start} ${digest} -\n`);
  if (value.binary) return Buffer.from(`${start} ${digest} b\n`);
  const content = contentOf(value);
  return content && Buffer.concat([Buffer.from(`${start} ${digest} ${content.length}\n`), content, Buffer.from("\n")]);
}

/** The bytes of a file whose content is known. */
export function contentOf(value: PathValue): Buffer | undefined {
  if (value.content !== undefined) return Buffer.from(value.content);
  return value.bytes === undefined ? undefined : Buffer.from(value.bytes, "latin1");
}
