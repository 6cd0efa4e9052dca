import type { Change, ChangedField } from "../../kernel/change.ts";
import { differences } from "../../kernel/difference.ts";

/** The change of a .sources file, told by the fields of the repository. */
export function withRepositoryFields(planned: Change, name: string): Change {
  const [before, after] = [fieldsIn(planned.text?.before), fieldsIn(planned.text?.after)];
  const of = (state: boolean): string | undefined => (state ? "present" : undefined);
  const state: readonly ChangedField[] = differences("state", of(before !== undefined), of(after !== undefined));
  const keys = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const fields = keys.flatMap((key) => differences(key, before?.[key], after?.[key]));
  return { ...planned, subject: `repository ${name}, ${planned.subject}`, fields: [...state, ...fields] };
}

/** The fields of all that the file holds, by their names; of several repositories in it, all values. */
function fieldsIn(text: string | null | undefined): Readonly<Record<string, string>> | undefined {
  if (text == null) return undefined;
  const fields: Record<string, string> = {};
  for (const [, key = "", value = ""] of text.matchAll(/^([A-Za-z][A-Za-z-]*):[ \t]*(.*(?:\n[ \t]+.*)*)/gm))
    fields[key] = [...(fields[key] === undefined ? [] : [fields[key]]), value.replace(/\s+/g, " ").trim()].join("; ");
  return fields;
}
