import { z } from "zod";

/** The user's check of a new file before it is put in place. */
export const validateArgument = z
  .string()
  .refine((v) => v.includes("%s"), "%s must stand where the path of the new file goes, as in nginx -t -c %s")
  .optional()
  .describe("Command that checks the new file before it takes its place; %s stands for the file. When it fails, nothing is changed.");

/** Keep the old file. */
export const backupArgument = z.boolean().optional().describe("Keep the old file beside the new one, with the time in its name.");

/** Leave an existing file alone. */
export const forceArgument = z
  .boolean()
  .optional()
  .describe("false leaves a file alone that is there already, whatever it holds. Default true.");
