import { z } from "zod";
import { aptLists } from "../../facts/apt-lists.ts";
import type { Change } from "../../kernel/change.ts";
import { defineModule, refusal } from "../../kernel/module.ts";
import { nameList } from "../parts/nameList.ts";
import { textFileQuestions, textOf, writeText } from "../parts/text-file.ts";
import { withRepositoryFields } from "./deb822Fields.ts";
import { sourcesText } from "./deb822Text.ts";
import { fetchKey } from "./fetchKey.ts";

const word = (what: string) => z.string().regex(/^[^\s,]+$/, `${what} holds no blanks or commas`);
const armor = "-----BEGIN PGP PUBLIC KEY BLOCK-----";

const args = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, "a repository is named with letters, digits and _ . -")
      .describe("Name of the repository, and of its files: /etc/apt/sources.list.d/NAME.sources."),
    types: nameList(z.enum(["deb", "deb-src"]))
      .default(["deb"])
      .describe("deb for programs, deb-src for sources."),
    uris: nameList(z.url({ protocol: /^(https?|file|mirror\+https?)$/, error: "an address starts with https://, http:// or file:" }))
      .optional()
      .describe("Addresses of the repository."),
    suites: nameList(word("a suite")).optional().describe("Codenames, or exact paths that end in /."),
    components: nameList(word("a component")).default([]).describe("Parts of the repository: main, stable, ..."),
    architectures: nameList(word("an architecture")).default([]).describe("Architectures to read; the host's own when it is empty."),
    signed_by: z
      .string()
      .optional()
      .describe(
        "The key: its armoured text, an https address of it (with `signed_by_checksum`), or the absolute path of a key file on the host.",
      ),
    signed_by_checksum: z
      .string()
      .regex(/^(sha256:[0-9a-f]{64})?$/, "a checksum is written sha256: and 64 hex digits")
      .optional()
      .describe("What the downloaded key must be: sha256:... Empty is the same as none."),
    enabled: z.boolean().default(true).describe("false keeps the file and turns the repository off."),
    state: z.enum(["present", "absent"]).default("present").describe("Whether the repository shall be there."),
  })
  .superRefine((a, context) => {
    const issue = (path: string, message: string): void => context.addIssue({ code: "custom", path: [path], message });
    if (a.state === "absent") return;
    if (!a.uris?.length) issue("uris", "give the `uris` of the repository");
    if (!a.suites?.length) issue("suites", "give the `suites`, such as the codename");
    else if (a.suites.some((suite) => suite.endsWith("/")) ? a.components.length > 0 : a.components.length === 0)
      issue("components", "a suite that is a codename needs `components`; one that ends in / takes none");
    if (a.signed_by === undefined)
      issue("signed_by", "a repository without a key of its own is refused: any key that apt knows could sign for it. Give `signed_by`");
    else if (
      a.signed_by.startsWith("https://") ? !a.signed_by_checksum : !a.signed_by.startsWith("/") && !a.signed_by.trim().startsWith(armor)
    )
      issue(
        "signed_by",
        `signed_by is an absolute path, an https address together with signed_by_checksum, or the text that starts with ${armor}`,
      );
  });

type Args = z.output<typeof args>;

const sourcesPath = (a: Args): string => `/etc/apt/sources.list.d/${a.name}.sources`;
/** The key file that belongs to this repository, whether or not it is the one in use. */
const ownKey = (a: Args): string => `/etc/apt/keyrings/${a.name}.asc`;

/** A repository of Debian packages. */
export const deb822Repository = defineModule({
  name: "deb822_repository",
  kind: "state",
  summary: "Declare a repository of Debian packages, together with the one key that may sign it.",
  notes: ["The package lists count as too old afterwards, so the next `apt` task with `update_cache: true` reads them again."],
  args,
  result: z.object({
    dest: z.string().describe("The .sources file."),
    key_filename: z.string().nullable().describe("The key file that it names."),
    repo: z.string().describe("The text of the .sources file; empty when it is absent."),
  }),
  examples: [
    {
      title: "A repository of somebody else",
      yaml: `deb822_repository:
  name: example
  uris: https://packages.example.org/debian
  suites: trixie
  components: stable
  architectures: amd64
  signed_by: https://packages.example.org/key.asc
  signed_by_checksum: sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855`,
    },
    { title: "Gone", yaml: "deb822_repository: { name: example, state: absent }" },
  ],
  facts: (a) => {
    const [sources, key] = [textFileQuestions(sourcesPath(a)), textFileQuestions(ownKey(a))];
    return { sources: sources.file, sourcesFolder: sources.folder, key: key.file, keyFolder: key.folder, lists: aptLists({ valid: 3600 }) };
  },
  plan(a, facts) {
    const sources = { file: facts.sources, folder: facts.sourcesFolder };
    const key = { file: facts.key, folder: facts.keyFolder };
    const wasFresh = facts.lists.value.fresh;
    const broken = [facts.sources, facts.key].map(textOf).find((t) => "refused" in t);
    if (broken && "refused" in broken) return refusal(broken.refused);
    const changes: Change[] = [];
    const repository = (c: Change): Change => withRepositoryFields(c, a.name);
    if (a.state === "absent") changes.push(...writeText(sources, null).map(repository), ...writeText(key, null));
    else {
      const signedBy = a.signed_by ?? "";
      if (signedBy.startsWith("https://")) changes.push(...fetchKey(key, signedBy, a.signed_by_checksum ?? ""));
      else if (!signedBy.startsWith("/")) changes.push(...writeText(key, `${signedBy.trim()}\n`));
      changes.push(...writeText(sources, text(a)).map(repository));
    }
    return changes.map((c) =>
      wasFresh ? { ...c, predicts: [...c.predicts, { question: facts.lists.question, value: { fresh: false } }] } : c,
    );
  },
  resultOf: (a) => ({
    dest: sourcesPath(a),
    key_filename: a.state === "absent" ? null : keyPath(a),
    repo: a.state === "absent" ? "" : text(a),
  }),
});

function keyPath(a: Args): string {
  return a.signed_by?.startsWith("/") ? a.signed_by : ownKey(a);
}

function text(a: Args): string {
  return sourcesText({
    types: a.types,
    uris: a.uris ?? [],
    suites: a.suites ?? [],
    components: a.components,
    architectures: a.architectures,
    enabled: a.enabled,
    signedBy: keyPath(a),
  });
}
