import type { Diagnostic } from "../kernel/diagnostic.ts";
import { diagnosticText } from "../views/diagnostic.ts";
import { paint } from "../views/paint.ts";
import { printer } from "../views/printer.ts";
import { colourOf } from "./output.ts";

/** Diagnostics on stderr, for commands without a view. */
export function complain(...diagnostics: readonly Diagnostic[]): void {
  const ink = paint(colourOf(process.stderr));
  const { err } = printer(process.stdout, process.stderr);
  for (const d of diagnostics) err(diagnosticText(d, ink));
}

/** Does any of them stop the work? */
export function hasError(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === "error");
}

/** What a command without a view has to say, on stdout. */
export function say(text: string): void {
  printer(process.stdout, process.stderr).out(text);
}
