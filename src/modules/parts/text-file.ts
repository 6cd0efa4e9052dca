import { createHash } from "node:crypto";
import { absent, type PathValue, path, withContent } from "../../facts/path.ts";
import { type Change, change, type Prediction } from "../../kernel/change.ts";
import type { Answer, Question } from "../../kernel/fact.ts";
import { type Refusal, refusal } from "../../kernel/module.ts";
import { exec } from "../../kernel/step.ts";
import { contentField } from "./content-field.ts";
import { parentOf } from "./file-path.ts";
import { fieldsOf } from "./whole-file.ts";

/** A text file of the system's configuration, together with the folder that it stands in. */
export interface TextFileFacts {
  readonly file: Answer<PathValue>;
  readonly folder: Answer<PathValue>;
}

/** What must be known to write a whole small text file that belongs to root. */
export function textFileQuestions(file: string): { readonly file: Question<PathValue>; readonly folder: Question<PathValue> } {
  return { file: path({ path: file, want: "content" }), folder: path({ path: parentOf(file), orSomething: true }) };
}

/** The text that is there, "" when there is none; a refusal when it is no text file that can be replaced. */
export function textOf(answer: Answer<PathValue>): { readonly text: string } | Refusal {
  const now = answer.value;
  const name =
    now.type === "link"
      ? `a symbolic link to ${now.target ?? ""}: name the file itself`
      : now.type === "file"
        ? "not a text file"
        : `not a file but a ${now.type}`;
  if (now.type === "absent") return { text: "" };
  if (now.type === "file" && now.content !== undefined) return { text: now.content };
  return refusal(`${(answer.question.key as { path: string }).path} is ${name}`);
}

/** Replaces the whole text; null takes the file away. A new file belongs to root with mode 0644, an old one keeps what it has. */
export function writeText(facts: TextFileFacts, text: string | null): Change[] {
  const now = facts.file.value;
  const name = (facts.file.question.key as { path: string }).path;
  if (text === null) {
    if (now.type === "absent") return [];
    const text = now.content === undefined ? {} : { text: { name, before: now.content, after: null } };
    return [
      {
        ...change(facts.file, absent, {
          do: [exec("rm", "-f", "--", name)],
          subject: `file ${name}`,
          ...text,
          undo: { paths: [name], run: [] },
        }),
        fields: [{ name: "state", before: now.type, after: undefined }, contentField(now, null)],
      },
    ];
  }
  if (now.content === text) return [];
  const isNew = now.type === "absent";
  const base: PathValue = isNew ? { type: "file", mode: "0644", uid: 0, gid: 0, owner: "root", group: "root", size: 0 } : now;
  const folder = parentOf(name);
  const makesFolder = facts.folder.value.type === "absent";
  const madeFolder: Prediction<unknown>[] = makesFolder
    ? [
        {
          question: facts.folder.question,
          value: { type: "directory", mode: "0755", uid: 0, gid: 0, owner: "root", group: "root", size: 0 } satisfies PathValue,
        },
      ]
    : [];
  const replaces = isNew
    ? null
    : createHash("sha256")
        .update(now.content ?? "")
        .digest("hex");
  const planned = change(
    facts.file,
    { ...base, size: Buffer.byteLength(text), ...withContent(text) },
    {
      do: [
        ...(makesFolder ? [exec("mkdir", "-p", "-m", "0755", "--", folder)] : []),
        { do: "write", path: name, content: text, mode: base.mode, owner: base.owner, group: base.group, replaces },
      ],
      subject: `file ${name}`,
      text: { name, before: isNew ? null : (now.content ?? ""), after: text },
      also: madeFolder,
      undo: { paths: makesFolder ? [folder] : [], run: [] },
    },
  );
  const above = makesFolder ? [{ name: "folder above", before: undefined, after: folder }] : [];
  return [{ ...planned, fields: [...fieldsOf(now, base), contentField(now, text), ...above] }];
}
