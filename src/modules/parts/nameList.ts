import { z } from "zod";

/** A list, or a text with commas, as Ansible takes lists of names. */
export function nameList<T extends z.ZodType<string, string>>(item: T) {
  return z
    .union([z.string(), z.array(z.string())])
    .transform((names) => (typeof names === "string" ? names.split(",") : names).map((name) => name.trim()).filter((name) => name !== ""))
    .pipe(z.array(item));
}
