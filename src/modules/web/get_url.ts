import { z } from "zod";
import { path } from "../../facts/path.ts";
import { type Program, program } from "../../facts/program.ts";
import type { Change } from "../../kernel/change.ts";
import type { Answer } from "../../kernel/fact.ts";
import { defineModule, type Refusal, refusal } from "../../kernel/module.ts";
import type { Step } from "../../kernel/step.ts";
import { Secret } from "../../kernel/value.ts";
import { attributeFields, attributeQuestions, attributeSteps, wantedAttributes } from "../parts/attributes.ts";
import { fetchedField } from "../parts/content-field.ts";
import { download } from "../parts/download.ts";
import { cleanPath, filePath, parentOf } from "../parts/file-path.ts";
import { pathResult, pathResultOf } from "../parts/path-result.ts";
import { refusedArgument } from "../parts/refused-argument.ts";
import { type FileAnswers, fieldsOf, noPlace } from "../parts/whole-file.ts";

const args = z
  .strictObject({
    url: z
      .string()
      .regex(/^https?:\/\/\S+$/, "an address begins with http:// or https:// and has no blanks")
      .describe("What to fetch. It is seen in messages: no secret may be in it."),
    dest: filePath.describe("Absolute path of the file on the target. When it ends in / the last part of url is added."),
    checksum: z
      .string()
      .regex(
        /^sha256:[0-9a-fA-F]{64}$/,
        'only a sha256 of the content proves it: "sha256:" and 64 hex digits; an address of a list of checksums is not fetched',
      )
      .optional()
      .describe('"sha256:" and 64 hex digits of the content. A file with another content is fetched anew.'),
    unverified: z
      .string()
      .min(1, "say why")
      .optional()
      .describe("Why nobody can know the checksum. The file is then fetched only when it is not there."),
    ...attributeFields,
    headers: z
      .record(z.string().regex(/^[A-Za-z0-9-]+$/), z.union([z.string().regex(/^[^\r\n]*$/), z.instanceof(Secret)]))
      .optional()
      .describe("Headers to send, through curl only. Values may be secret."),
    timeout: z.int().min(1).max(3600).optional().describe("Seconds for the whole download. Default 300."),
    force: refusedArgument(false, "a file is fetched anew when its checksum differs"),
  })
  .refine((a) => (a.checksum === undefined) !== (a.unverified === undefined), {
    error: 'give checksum: "sha256:..." (of what you have looked at), or unverified: "why nobody can know it"',
  });

type Arguments = z.output<typeof args>;

interface Programs {
  readonly curl: Answer<Program>;
  readonly wget: Answer<Program>;
}

function destOf(a: Arguments): string {
  return cleanPath(a.dest.endsWith("/") ? a.dest + (new URL(a.url).pathname.split("/").at(-1) || "index.html") : a.dest);
}

/** Why it cannot be fetched, or undefined. */
function noProgram(a: Arguments, { curl, wget }: Programs): Refusal | undefined {
  if (curl.value.there) return undefined;
  if (!wget.value.there) return refusal("neither curl nor wget is on this host: install one of them before this task");
  return Object.keys(a.headers ?? {}).length > 0
    ? refusal("curl is not on this host, and wget would show the headers in the process list: install curl before this task")
    : undefined;
}

function planOf(a: Arguments, facts: FileAnswers, programs: Programs): readonly Change[] | Refusal {
  const now = facts.file.value;
  const at = destOf(a);
  if (now.type !== "file" && now.type !== "absent") return refusal(`${at} is a ${now.type} on the host: write the whole path of the file`);
  const nowhere: Refusal | undefined = noPlace(facts, at);
  if (nowhere) return nowhere;
  const attributes = wantedAttributes(a, facts, now, facts.parent.value, { mode: "0644", directory: false });
  if ("refused" in attributes) return attributes;
  const sha256 = a.checksum?.slice("sha256:".length).toLowerCase();
  const same = now.type === "file" && (sha256 === undefined || now.sha256 === sha256);
  const unable = same ? undefined : noProgram(a, programs);
  if (unable) return unable;
  const steps: readonly Step[] = same
    ? attributeSteps([at], now, attributes)
    : [download({ ...a, path: at, sha256, timeout: a.timeout ?? 300, attributes })];
  if (steps.length === 0) return [];
  const fields = [
    ...fieldsOf(now, attributes),
    ...(same ? [] : [fetchedField(now, sha256), { name: "from", before: undefined, after: a.url, action: true as const }]),
  ];
  // The size of what will be fetched is not known, so the prediction serves check mode only.
  const value = same
    ? { ...now, ...attributes }
    : { type: "file" as const, ...attributes, size: -1, ...(sha256 !== undefined && { sha256 }) };
  return [
    {
      subject: `file ${at}`,
      fields,
      steps,
      predicts: [{ question: facts.file.question, value }],
      opaque: !same || attributes.uid < 0 || attributes.gid < 0,
    },
  ];
}

/** Fetches a file whose content is known by its digest. */
export const getUrl = defineModule({
  name: "get_url",
  kind: "state",
  summary: "Fetch a file from the web to the target and prove it by its sha256.",
  notes: [
    "curl is used, or wget when there are no headers. The file is checked before it takes its place.",
    "Without checksum the task says why, in unverified.",
    "Without mode, an existing file keeps its own and a new one gets 0644.",
  ],
  args,
  result: pathResult.extend({ dest: z.string().describe("The same as path."), url: z.string().describe("What was fetched.") }),
  examples: [
    {
      title: "A signing key",
      yaml: `get_url: { url: 'https://repo.example.org/key.gpg', dest: /usr/share/keyrings/example.gpg, checksum: 'sha256:${"0123456789abcdef".repeat(4)}' }`,
    },
    {
      title: "Something that changes daily",
      yaml: "get_url: { url: 'https://lists.example.org/today', dest: /srv/lists/, unverified: it changes every day }",
    },
  ],
  facts: (a) => ({
    file: path({ path: destOf(a), ...(a.checksum !== undefined && { want: "digest" as const }) }),
    parent: path({ path: parentOf(destOf(a)), orSomething: true }),
    curl: program("curl"),
    wget: program("wget"),
    ...attributeQuestions(a),
  }),
  plan: (a, facts) => planOf(a, facts, facts),
  resultOf: (a, { after }) => ({ ...pathResultOf(destOf(a), after.file), dest: destOf(a), url: a.url }),
});
