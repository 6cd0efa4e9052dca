import type { z } from "zod";
import { type Field, fieldsOf } from "./fields.ts";
import { type JsonSchema, outputSchema } from "./jsonSchema.ts";
import { code, generated, markdownTable, page } from "./markdown.ts";

/** docs/events.md: every line of `--output json`, from its schema. */
export function eventsPage(events: readonly z.ZodObject[]): string {
  return page(
    generated,
    "# Events",
    "`rempart run PLAYBOOK --output json` prints one event per line, as JSON. `event` says its kind. A field marked `?` may be missing; fields may be added later. Values of secrets are masked or shown as fingerprints.",
    ...events.flatMap((e) => {
      const schema = outputSchema(e);
      const fields = withParts(schema, "", new Set());
      const kind = fields.find((f) => f.name === "event")?.type ?? "";
      return [`## ${kind}`, schema.description ?? "", eventTable(fields.filter((f) => f.name !== "event"))];
    }),
  );
}

/** The fields, and below each list of maps the fields of these: `changes[].subject`. Maps of the same form are told once. */
function withParts(schema: JsonSchema, prefix: string, told: Set<string>): Field[] {
  return fieldsOf(schema).flatMap((field) => {
    const own = { ...field, name: prefix + field.name };
    const part = schema.properties?.[field.name]?.items;
    if (typeof part !== "object" || !("properties" in part) || told.has(JSON.stringify(part))) return [own];
    told.add(JSON.stringify(part));
    return [own, ...withParts(part, `${own.name}[].`, told)];
  });
}

function eventTable(fields: readonly Field[]): string {
  return markdownTable(
    ["field", "type", "meaning"],
    fields.map((f) => [code(f.name) + (f.required ? "" : "?"), f.type, f.description]),
  );
}
