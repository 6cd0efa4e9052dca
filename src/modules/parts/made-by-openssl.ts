import { absent, type PathValue, path, something } from "../../facts/path.ts";
import type { Change, Prediction } from "../../kernel/change.ts";
import type { ChangedField } from "../../kernel/difference.ts";
import { type Refusal, refusal } from "../../kernel/module.ts";
import { type ExecStep, exec } from "../../kernel/step.ts";
import { type AttributeArguments, type Attributes, attributeQuestions, attributeSteps, wantedAttributes } from "./attributes.ts";
import { cleanPath, parentOf } from "./file-path.ts";
import { type FileAnswers, fieldsOf, noPlace } from "./whole-file.ts";

/** A file that openssl makes on the target, so that nobody knows its content before. */
export interface MadeFile extends AttributeArguments {
  readonly path: string;
  readonly freshMode: string;
  readonly backup?: boolean | undefined;
  /** Why it is made anew; empty when it is right as it is. */
  readonly fields: readonly ChangedField[];
  /** The command line that makes it; the file's name goes behind it. */
  readonly argv: readonly string[];
  /** Seconds. */
  readonly timeout?: number;
  /** What is known of what it holds then. */
  readonly predicts?: readonly Prediction<unknown>[];
}

/** What has to be known to make a file by openssl. `content`: whether what it holds is read, which a key never is. */
export function madeFileQuestions(a: AttributeArguments & { readonly path: string }, content = false) {
  const at = cleanPath(a.path);
  return {
    file: path({ path: at, ...(content && { want: "content" as const }) }),
    parent: path({ path: parentOf(at), orSomething: true }),
    ...attributeQuestions(a),
  };
}

/** The change that makes the file beside its place and renames it into it; only owner and mode when it is right. */
export function madeByOpenssl(wanted: MadeFile, answers: FileAnswers): readonly Change[] | Refusal {
  const now = answers.file.value;
  const odd = oddity(wanted.path, now) ?? noPlace(answers, wanted.path);
  if (odd) return odd;
  const attributes = wantedAttributes(wanted, answers, now, answers.parent.value, { mode: wanted.freshMode, directory: false });
  if ("refused" in attributes) return attributes;
  const common = { subject: `file ${wanted.path}`, undo: { paths: [wanted.path], run: [] } };
  if (wanted.fields.length > 0)
    return [
      {
        ...common,
        fields: [...fieldsOf(now, attributes), ...wanted.fields],
        steps: making(wanted, now, attributes),
        predicts: [{ question: answers.file.question, value: something }, ...(wanted.predicts ?? [])],
        opaque: true,
      },
    ];
  const steps = attributeSteps([wanted.path], now, attributes);
  const value: PathValue = { ...now, ...attributes };
  return steps.length === 0
    ? []
    : [
        {
          ...common,
          fields: fieldsOf(now, attributes),
          steps,
          predicts: [{ question: answers.file.question, value }],
          opaque: attributes.uid < 0 || attributes.gid < 0,
        },
      ];
}

function making({ path: at, argv, timeout, backup }: MadeFile, now: PathValue, { owner, group, mode }: Attributes): readonly ExecStep[] {
  const fresh = `${at}.rempart-new`;
  return [
    // Something that stands there could be open to others already, and would keep its mode.
    exec("rm", "-f", "--", fresh),
    { ...exec(...argv, "-out", fresh), ...(timeout !== undefined && { timeout }) },
    exec("chown", `${owner}:${group}`, fresh),
    exec("chmod", `0${mode}`, fresh),
    ...(backup === true && now.type === "file" ? [exec("cp", "-p", "--", at, `${at}.old`)] : []),
    exec("mv", "-f", "--", fresh, at),
  ];
}

/** The change that takes the file away. */
export function removed(at: string, answers: Pick<FileAnswers, "file">, also: readonly Prediction<unknown>[]): readonly Change[] | Refusal {
  const now = answers.file.value;
  if (now.type === "absent") return [];
  const odd = oddity(at, now);
  if (odd) return odd;
  return [
    {
      subject: `file ${at}`,
      fields: [{ name: "state", before: "file", after: undefined }],
      steps: [exec("rm", "-f", "--", at)],
      predicts: [{ question: answers.file.question, value: absent }, ...also],
      opaque: false,
      undo: { paths: [at], run: [] },
    },
  ];
}

function oddity(at: string, now: PathValue): Refusal | undefined {
  if (now.type === "link")
    return refusal(`${at} is a link to ${now.target ?? "?"}: name the file that it leads to, links are not followed`);
  return now.type === "absent" || now.type === "file" || now.type === "something"
    ? undefined
    : refusal(`${at} is not a file but a ${now.type}`);
}
