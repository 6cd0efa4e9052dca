import type { Change } from "../../kernel/change.ts";

/** The change with the field `present` as the state of the thing: absent or present. */
export function withState(planned: Change): Change {
  const fields = planned.fields.map((f) =>
    f.name === "present" ? { name: "state", before: f.before ? "present" : undefined, after: f.after ? "present" : undefined } : f,
  );
  return { ...planned, fields };
}
