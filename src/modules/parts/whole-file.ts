import { type PathValue, path, withContent } from "../../facts/path.ts";
import type { LocalFile } from "../../kernel/argumentinput.ts";
import type { Change, ChangedField } from "../../kernel/change.ts";
import type { Answer } from "../../kernel/fact.ts";
import { type Refusal, refusal } from "../../kernel/module.ts";
import type { Step } from "../../kernel/step.ts";
import { Secret } from "../../kernel/value.ts";
import {
  type AttributeAnswers,
  type AttributeArguments,
  type Attributes,
  attributeQuestions,
  attributeSteps,
  differing,
  wantedAttributes,
} from "./attributes.ts";
import { contentField, digestOf } from "./content-field.ts";
import { parentOf } from "./file-path.ts";

/** A whole file as a task wants it. */
export interface WantedFile extends AttributeArguments {
  readonly path: string;
  readonly content: string | Secret | LocalFile;
  readonly validate?: string | undefined;
  readonly backup?: boolean | undefined;
  /** Of a new file where `mode` says nothing; default "0644". */
  readonly freshMode?: string | undefined;
}

export interface FileAnswers extends AttributeAnswers {
  readonly file: Answer<PathValue>;
  readonly parent: Answer<PathValue>;
}

/** What has to be known to put a whole file in its place. */
export function fileQuestions(
  wanted: Pick<WantedFile, "path" | "owner" | "group"> & { readonly content?: WantedFile["content"] | undefined },
) {
  const want = wanted.content === undefined ? ("content" as const) : digestOf(wanted.content);
  return {
    file: path({ path: wanted.path, want }),
    parent: path({ path: parentOf(wanted.path), orSomething: true }),
    ...attributeQuestions(wanted),
  };
}

/** Why nothing can be put at this path, or undefined. */
export function noPlace(answers: Pick<FileAnswers, "parent">, at: string): Refusal | undefined {
  const { type } = answers.parent.value;
  const parent = parentOf(at);
  if (type === "absent")
    return refusal(`the folder ${parent} is not there: make it with a task "file: { path: ${parent}, state: directory }" before this one`);
  return type === "file" || type === "other" ? refusal(`${parent} is not a folder`) : undefined;
}

/** The change that puts the file there, nothing when it is there. A link in its place is replaced, what it points to is left alone. */
export function wholeFile(wanted: WantedFile, answers: FileAnswers): readonly Change[] | Refusal {
  const now = answers.file.value;
  if (now.type === "directory") return refusal(`${wanted.path} is a folder on the host: write the whole path of the file`);
  if (now.type === "other")
    return refusal(`${wanted.path} is neither a file nor a link (a device, a pipe or a socket): it is not replaced`);
  const nowhere = noPlace(answers, wanted.path);
  if (nowhere) return nowhere;
  const start = now.type === "file" ? now : { ...now, type: "absent" as const };
  const attributes = wantedAttributes(wanted, answers, start, answers.parent.value, {
    mode: wanted.freshMode ?? "0644",
    directory: false,
  });
  if ("refused" in attributes) return attributes;
  const digest = digestOf(wanted.content);
  const same = now.type === "file" && now.sha256 === digest.sha256;
  const steps: readonly Step[] = same ? attributeSteps([wanted.path], now, attributes) : [put(wanted, now, attributes)];
  if (steps.length === 0) return [];
  const value = after(wanted.content, digest, attributes);
  const secret = wanted.content instanceof Secret;
  return [
    {
      subject: `file ${wanted.path}`,
      fields: [...fieldsOf(now, attributes), ...(same ? [] : [contentField(now, wanted.content)])],
      ...(!same && textOf(wanted, now)),
      steps,
      predicts: [{ question: answers.file.question, value }],
      opaque: attributes.uid < 0 || attributes.gid < 0,
      undo: { paths: [wanted.path], run: [] },
      ...(secret && !same && { secret: true }),
    },
  ];
}

function after(
  content: WantedFile["content"],
  digest: { readonly size: number; readonly sha256: string },
  attributes: Attributes,
): PathValue {
  const text = content instanceof Secret ? content.reveal() : typeof content === "string" ? content : content.text;
  return { type: "file", ...attributes, ...digest, ...(text !== undefined && withContent(text)) };
}

function put(wanted: WantedFile, now: PathValue, { mode, owner, group }: Attributes): Step {
  const replaces =
    now.type === "absent" ? { replaces: null } : now.type === "file" && now.sha256 !== undefined ? { replaces: now.sha256 } : {};
  const common = {
    path: wanted.path,
    mode,
    owner,
    group,
    ...replaces,
    ...(wanted.validate !== undefined && { validate: wanted.validate }),
    ...(wanted.backup && { backup: true }),
  };
  const { content } = wanted;
  if (typeof content === "string" || content instanceof Secret) return { do: "write", content, ...common };
  if (content.text !== undefined) return { do: "write", content: content.text, ...common };
  return { do: "upload", local: content.path, size: content.size, sha256: content.sha256, ...common };
}

/** State, mode, owner and group as far as they differ; none of them is ever secret. */
export function fieldsOf(now: PathValue, wanted: Attributes, type: PathValue["type"] = "file"): ChangedField[] {
  const isNew = now.type !== type;
  const names = isNew
    ? (["mode", "owner", "group"] as const)
    : (["mode", "owner", "group"] as const).filter((n) => differing(now, wanted).includes(n));
  const state = { name: "state", before: now.type === "absent" ? undefined : now.type, after: type };
  const target = now.type === "link" ? [{ name: "target", before: now.target, after: undefined }] : [];
  const fields = [
    ...(isNew ? [state, ...target] : []),
    ...names.map((name) => ({ name, before: isNew ? undefined : now[name], after: wanted[name] })),
  ];
  return fields.map((f) => ({ ...f, open: true as const }));
}

function textOf(wanted: WantedFile, now: PathValue): Pick<Change, "text"> {
  const { content } = wanted;
  const text = content instanceof Secret ? undefined : typeof content === "string" ? content : content.text;
  const before = now.type === "file" ? now.content : null;
  return text === undefined || before === undefined ? {} : { text: { name: wanted.path, before, after: text } };
}
