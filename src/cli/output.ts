import type { ViewName } from "../views/names.ts";

/** Colours on a terminal, unless NO_COLOR is set; FORCE_COLOR gives them to a pipe too, and with 0 takes them from a terminal. */
export function colourOf(stream: Pick<NodeJS.WriteStream, "isTTY">, env: Readonly<NodeJS.ProcessEnv> = process.env): boolean {
  if (env.NO_COLOR) return false;
  return env.FORCE_COLOR ? env.FORCE_COLOR !== "0" : stream.isTTY;
}

/** The view when none was asked for: live on a terminal, plain lines in a pipe, a log or a dumb terminal. */
export function defaultView(stream: NodeJS.WriteStream): ViewName {
  return stream.isTTY && process.env.TERM !== "dumb" && !process.env.CI ? "terminal" : "plain";
}
