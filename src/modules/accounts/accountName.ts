import { z } from "zod";

/** A name that useradd and groupadd of Debian accept, and that no tool can take for an option or a number. */
export function accountName(what: "user" | "group") {
  return z
    .string()
    .max(32, `a ${what} name has at most 32 characters`)
    .regex(/^[A-Za-z_][A-Za-z0-9_.-]*\$?$/, `a ${what} name starts with a letter or _ and holds only letters, digits and _ . -`);
}
