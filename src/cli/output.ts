import type { ViewName } from "../views/names.ts";

/** Colours on a terminal, unless NO_COLOR is set; FORCE_COLOR gives them to a pipe too. */
export function colourOf(stream: NodeJS.WriteStream): boolean {
  if (process.env.NO_COLOR) return false;
  return stream.isTTY || Boolean(process.env.FORCE_COLOR);
}

/** The view when none was asked for: live on a terminal, plain lines in a pipe, a log or a dumb terminal. */
export function defaultView(stream: NodeJS.WriteStream): ViewName {
  return stream.isTTY && process.env.TERM !== "dumb" && !process.env.CI ? "terminal" : "plain";
}
