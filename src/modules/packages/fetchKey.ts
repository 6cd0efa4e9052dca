import { createHash } from "node:crypto";
import type { PathValue } from "../../facts/path.ts";
import type { Change } from "../../kernel/change.ts";
import { exec } from "../../kernel/step.ts";
import { fetchedField } from "../parts/content-field.ts";
import type { TextFileFacts } from "../parts/text-file.ts";
import { fieldsOf } from "../parts/whole-file.ts";

/** Downloads beside the target, checks the digest, and only then takes the name. Needs curl or wget on the host. */
const download = `set -e
mkdir -p -m 0755 "\${2%/*}"
new=$2.new.$$
trap 'rm -f "$new"' EXIT
if command -v curl >/dev/null; then curl -fsSL --proto =https --max-time 60 -o "$new" "$1"
elif command -v wget >/dev/null; then wget -q -T 60 -O "$new" "$1"
else echo "neither curl nor wget is on this host: install one, or give the text of the key as signed_by" >&2; exit 1; fi
is=$(sha256sum "$new"); is=\${is%% *}
if [ "$is" != "$3" ]; then echo "the key at $1 has sha256 $is, not $3" >&2; exit 1; fi
chown 0:0 "$new"; chmod 0644 "$new"; mv -f "$new" "$2"`;

/** The key file with this digest, from this address; nothing when it is there already. */
export function fetchKey(key: TextFileFacts, url: string, checksum: string): Change[] {
  const wanted = checksum.replace("sha256:", "");
  const now = key.file.value;
  const is = now.sha256 ?? (now.content === undefined ? undefined : createHash("sha256").update(now.content).digest("hex"));
  if (is === wanted) return [];
  const { path } = key.file.question.key as { path: string };
  const steps = [{ ...exec("sh", "-c", download, "sh", url, path, wanted), timeout: 120 }];
  const value: PathValue = { type: "file", mode: "0644", uid: 0, gid: 0, owner: "root", group: "root", size: -1, sha256: wanted };
  return [
    {
      subject: `file ${path}`,
      fields: [
        ...(now.type === "absent" ? fieldsOf(now, value) : []),
        fetchedField({ ...now, ...(is !== undefined && { sha256: is }) }, wanted),
        { name: "from", before: undefined, after: url, action: true },
      ],
      steps,
      predicts: [{ question: key.file.question, value }],
      opaque: true,
    },
  ];
}
