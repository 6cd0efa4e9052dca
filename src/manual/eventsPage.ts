import type { z } from "zod";
import { type Field, fieldsOf } from "./fields.ts";
import { outputSchema } from "./jsonSchema.ts";
import { code, generated, markdownTable, page } from "./markdown.ts";

/** docs/events.md: every line of `--output json`, from its schema. */
export function eventsPage(events: readonly z.ZodObject[]): string {
  return page(
    generated,
    "# Events",
    "`rempart run PLAYBOOK --output json` prints one event per line, as JSON. `event` says its kind. A field marked `?` may be missing; fields may be added later. Values of secrets are masked.",
    ...events.flatMap((e) => {
      const schema = outputSchema(e);
      const fields = fieldsOf(schema);
      const kind = fields.find((f) => f.name === "event")?.type ?? "";
      return [`## ${kind}`, schema.description ?? "", eventTable(fields.filter((f) => f.name !== "event"))];
    }),
  );
}

function eventTable(fields: readonly Field[]): string {
  return markdownTable(
    ["field", "type", "meaning"],
    fields.map((f) => [code(f.name) + (f.required ? "" : "?"), f.type, f.description]),
  );
}
