import { cleanEvent } from "./clean.ts";
import { jsonView } from "./json.ts";
import type { ViewName } from "./names.ts";
import { plainView } from "./plain.ts";
import { printer } from "./printer.ts";
import { quietView } from "./quiet.ts";
import type { View, ViewOptions } from "./view.ts";

/** Opens a view on two streams; nothing reaches them but through the scrub. */
export async function openView(name: ViewName, out: NodeJS.WriteStream, err: NodeJS.WriteStream, options: ViewOptions): Promise<View> {
  const view = await viewOf(name, out, err, options);
  return { listen: (e) => view.listen(cleanEvent(e)), close: view.close };
}

async function viewOf(name: ViewName, out: NodeJS.WriteStream, err: NodeJS.WriteStream, options: ViewOptions): Promise<View> {
  const lines = printer(options.keep ? { write: options.keep } : out, err);
  switch (name) {
    case "json":
      return jsonView(lines);
    case "quiet":
      return quietView(lines, options);
    case "plain":
      return plainView(lines, options);
    case "terminal":
      // log-update is loaded only where it is used: the other views start sooner.
      return (await import("./terminal.ts")).terminalView(out, lines, options);
  }
}
