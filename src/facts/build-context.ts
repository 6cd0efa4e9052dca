import { defineFact } from "../kernel/fact.ts";
import { sh } from "../kernel/sh.ts";
import { readRecords } from "./lines.ts";

/** The folder that an image is built from. */
export interface BuildContext {
  /** sha256 in hex over names, types, modes, link targets and contents of all in it; "" when it is not there. */
  readonly digest: string;
}

/** `buildContext("/srv/image")`: everything in the folder counts, whatever .dockerignore says. */
export const buildContext = defineFact<string, BuildContext>({
  kind: "build_context",
  summary: "The digest of all in a folder: names, types, modes, link targets and contents.",
  object: (path) => path,
  files: (path) => [path],
  script: (paths) => sh`for _p in ${paths}; do
  if [ ! -d "$_p" ]; then echo -; continue; fi
  if ! find "$_p/" -maxdepth 0 -printf '' 2>/dev/null; then echo '!find on this host cannot list a folder exactly'; continue; fi
  _d=$(cd "$_p" && { { find . -printf '%y %m %l %p\0' | LC_ALL=C sort -z; find . -type f -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum; } 2>&1 || echo bad; } | sha256sum); _h=$(printf %s "$_d" | cut -c 1-64)
  echo "$_h"
done`,
  read: (stdout, paths) =>
    readRecords("build_context", stdout, paths, (line) => {
      if (line !== "-" && !/^[0-9a-f]{64}$/.test(line)) throw new Error(`build_context: unexpected record ${JSON.stringify(line)}`);
      return { digest: line === "-" ? "" : line };
    }),
  absent: ({ digest }) => digest === "",
});
