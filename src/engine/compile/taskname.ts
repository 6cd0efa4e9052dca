import { firstUnknown } from "../../kernel/value.ts";
import type { Entry } from "../../playbook/model.ts";
import { resolve } from "../../template/resolve.ts";
import type { Variables } from "./scope.ts";

/** The name with its variables filled in, or as it was written where they are not known. */
export function nameOf(entry: Pick<Entry, "name" | "at">, variables: () => Variables): string {
  if (!entry.name.includes("{{")) return entry.name;
  try {
    const name = resolve({ kind: "scalar", value: entry.name, text: entry.name, quoted: false, at: entry.at }, variables());
    return firstUnknown(name) || typeof name !== "string" ? entry.name : name;
  } catch {
    return entry.name;
  }
}
