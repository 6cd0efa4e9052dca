import { absent, type PathValue, withContent } from "../../facts/path.ts";
import type { Change, Prediction } from "../../kernel/change.ts";
import type { Answer } from "../../kernel/fact.ts";
import { type Refusal, refusal } from "../../kernel/module.ts";
import { exec, type Step } from "../../kernel/step.ts";
import { type AttributeAnswers, type AttributeArguments, type Attributes, attributeSteps, wantedAttributes } from "./attributes.ts";
import { bytes } from "./content-field.ts";
import { parentOf } from "./file-path.ts";
import { fieldsOf } from "./whole-file.ts";

export interface FileTask extends AttributeArguments {
  readonly path: string;
}

export interface StateAnswers extends AttributeAnswers {
  readonly at: Answer<PathValue>;
  /** The folders above, without `/`, outermost first. */
  readonly above: readonly Answer<PathValue>[];
  readonly leadsTo: readonly Answer<PathValue>[];
}

type Planned = readonly Change[] | Refusal;

const root: PathValue = { ...absent, type: "directory", mode: "0755", uid: 0, gid: 0, owner: "root", group: "root" };

/** Nothing at the path. What lies in a folder goes with it, which only asking again can show. */
export function removal(at: string, answer: Answer<PathValue>): Planned {
  const now = answer.value;
  const { type } = now;
  if (type === "absent") return [];
  const steps = [type === "directory" || type === "something" ? exec("rm", "-rf", at) : exec("rm", "-f", at)];
  return [
    {
      subject: `${type} ${at}`,
      fields: [
        { name: "state", before: type === "directory" ? "directory with all in it" : type, after: undefined },
        ...(type === "link" ? [{ name: "target", before: now.target, after: undefined }] : []),
        ...(type === "file" ? [{ name: "content", before: bytes(now.size), after: undefined }] : []),
        ...(["mode", "owner", "group"] as const).flatMap((name) =>
          now[name] === "" ? [] : [{ name, before: now[name], after: undefined }],
        ),
      ],
      steps,
      predicts: [{ question: answer.question, value: absent }],
      opaque: type === "directory" || type === "something",
      // All that lies in a folder is not kept.
      ...(type !== "directory" && { undo: { paths: [at], run: [] } }),
    },
  ];
}

/** What is there, with these attributes. */
export function existing(task: FileTask, answers: StateAnswers, state: "file" | undefined): Planned {
  const now = answers.at.value;
  if (now.type === "absent") return refusal(`${task.path} is not there: make it with copy, or with state: directory or touch`);
  if (now.type === "link") return leads(task.path, now);
  if (state === "file" && now.type !== "file") return refusal(`${task.path} is a ${now.type}, not a file`);
  return adjusted(task, answers, now);
}

/** An empty file if nothing is there. */
export function emptyFile(task: FileTask, answers: StateAnswers): Planned {
  const now = answers.at.value;
  if (now.type === "link") return leads(task.path, now);
  if (now.type !== "absent") return adjusted(task, answers, now);
  const missing = answers.above.at(-1);
  if (missing?.value.type === "absent") return noFolder(task.path);
  const attributes = wantedAttributes(task, answers, now, missing?.value ?? root, { mode: "0644", directory: false });
  if ("refused" in attributes) return attributes;
  const { mode, owner, group } = attributes;
  const step: Step = { do: "write", path: task.path, content: "", mode, owner, group, replaces: null };
  return [
    made([{ question: answers.at.question, value: { type: "file", ...attributes, size: 0, ...withContent("") } }], attributes, "file", [
      step,
    ]),
  ];
}

/** A folder, and the folders above it that are missing, all with the same attributes. */
export function folder(task: FileTask, answers: StateAnswers): Planned {
  const now = answers.at.value;
  if (now.type === "link") return leads(task.path, now);
  if (now.type === "directory") return adjusted(task, answers, now);
  if (now.type !== "absent")
    return refusal(`${task.path} is a ${now.type}: remove it with a task of its own before a folder can take its place`);
  const missing = [...answers.above.filter((a) => a.value.type === "absent"), answers.at];
  const parent = answers.above.filter((a) => a.value.type !== "absent").at(-1)?.value ?? root;
  const attributes = wantedAttributes(task, answers, now, parent, { mode: "0755", directory: true });
  if ("refused" in attributes) return attributes;
  const paths = missing.map((a) => a.question.object.replace(/^path /, ""));
  const fresh = wantedAttributes({}, answers, now, parent, { mode: "0755", directory: true }) as Attributes;
  const setgid = (Number.parseInt(parent.mode, 8) & 0o2000) !== 0;
  // Behind a link the folder is unknown, and with it what a new folder inherits.
  const unsure = parent.type === "link";
  const born: PathValue = {
    type: "directory",
    size: 0,
    ...fresh,
    ...(unsure && { gid: -1 }),
    mode: setgid || unsure ? "" : attributes.mode,
  };
  const steps = [exec("mkdir", "-m", `0${attributes.mode}`, ...paths), ...attributeSteps(paths, born, attributes)];
  const value: PathValue = { type: "directory", size: 0, ...attributes };
  return [
    made(
      missing.map((a) => ({ question: a.question, value })),
      attributes,
      "directory",
      steps,
    ),
  ];
}

/** A symbolic link with this target. */
export function link(wanted: { readonly path: string; readonly target: string; readonly force: boolean }, answers: StateAnswers): Planned {
  const now = answers.at.value;
  if (now.type === "link" && now.target === wanted.target) return [];
  if (now.type === "directory") return refusal(`${wanted.path} is a folder: it is not replaced by a link`);
  if ((now.type === "file" || now.type === "other") && !wanted.force)
    return refusal(`${wanted.path} is a ${now.type}: write force: true to replace it by the link`);
  const parent = answers.above.at(-1)?.value ?? root;
  if (parent.type === "absent") return noFolder(wanted.path);
  if (answers.leadsTo[0]?.value.type === "absent" && !wanted.force)
    return refusal(`${wanted.target} is not there: write force: true to make a link to it all the same`);
  const attributes = wantedAttributes({}, answers, absent, parent, { mode: "0777", directory: false });
  if ("refused" in attributes) return attributes;
  const fields = [
    ...(now.type === "link" ? [] : [{ name: "state", before: now.type === "absent" ? undefined : now.type, after: "link" }]),
    { name: "target", before: now.target, after: wanted.target },
  ];
  const value: PathValue = { type: "link", ...attributes, size: 0, target: wanted.target };
  const steps = [exec("ln", "-sfn", wanted.target, wanted.path)];
  return [
    {
      subject: `link ${wanted.path}`,
      fields,
      steps,
      predicts: [{ question: answers.at.question, value }],
      opaque: parent.type === "link",
      undo: { paths: [wanted.path], run: [] },
    },
  ];
}

function adjusted(task: FileTask, answers: StateAnswers, now: PathValue): Planned {
  const attributes = wantedAttributes(task, answers, now, answers.above.at(-1)?.value ?? root, {
    mode: now.mode,
    directory: now.type === "directory",
  });
  if ("refused" in attributes) return attributes;
  const steps = attributeSteps([task.path], now, attributes);
  if (steps.length === 0) return [];
  const value = { ...now, ...attributes };
  const opaque = attributes.uid < 0 || attributes.gid < 0;
  return [
    {
      subject: `${now.type} ${task.path}`,
      fields: fieldsOf(now, attributes, now.type),
      steps,
      predicts: [{ question: answers.at.question, value }],
      opaque,
      undo: { paths: [task.path], run: [] },
    },
  ];
}

function made(predicts: readonly Prediction[], attributes: Attributes, type: "file" | "directory", steps: readonly Step[]): Change {
  const at = predicts.at(-1)?.question.object.replace(/^path /, "") ?? "";
  const above = predicts.slice(0, -1).map((p) => p.question.object.replace(/^path /, ""));
  const fields = [
    ...fieldsOf(absent, attributes, type),
    ...(above.length > 0 ? [{ name: "folders above", before: undefined, after: above }] : []),
  ];
  return {
    subject: `${type} ${at}`,
    fields,
    steps,
    predicts,
    opaque: attributes.uid < 0 || attributes.gid < 0,
    undo: { paths: [...above, at], run: [] },
  };
}

function leads(at: string, now: PathValue): Refusal {
  return refusal(`${at} is a link to ${now.target ?? "?"}: name the path that it leads to, links are not followed`);
}

function noFolder(at: string): Refusal {
  return refusal(
    `the folder ${parentOf(at)} is not there: make it with a task "file: { path: ${parentOf(at)}, state: directory }" before this one`,
  );
}
