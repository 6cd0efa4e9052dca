import { z } from "zod";

/** An argument of Ansible that is not done here: its default value is taken, every other is answered with our way. */
export function refusedArgument<const D extends string | boolean>(plain: D, way: string) {
  return z
    .literal(plain, { error: way })
    .optional()
    .describe(`Only ${JSON.stringify(plain)}. Else: ${way}`);
}
