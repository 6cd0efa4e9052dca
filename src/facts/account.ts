import { defineFact } from "../kernel/fact.ts";
import { joinShell, Shell, sh } from "../kernel/sh.ts";
import { collected } from "./collected.ts";
import { namesScript } from "./names-script.ts";
import { Records } from "./records.ts";

/** Whom: a user or group by name or number, or the one that the task acts as. */
export type AccountKey = { readonly kind: "user" | "group"; readonly name: string } | { readonly kind: "acting user" | "acting group" };

/** `name` is what listings show for `id`: the first entry of /etc/passwd or /etc/group with that number. */
export interface AccountValue {
  readonly exists: boolean;
  /** Known too when a number was asked for that nobody has. Undefined in a prediction: not known yet. */
  readonly id?: number;
  readonly name?: string;
}

const functions = Shell.trusted(`_account() {
  case $2 in
    u|g) _me; case $2 in u) _w=$_me_u ;; *) _w=$_me_g ;; esac ;;
    *) _number $1 "$3"; [ -n "$_w" ] || case $3 in *[!0-9]*) ;; *) _w=$3 ;; esac ;;
  esac
  if [ -z "$_w" ]; then _o=$_o-$_nl; return; fi
  _v=$_w; _name $1 "$_v"
  _o="$_o$_v\${_w:+ $_w}$_nl"
}
`);

/** A user or group of the target: whether it exists, its number and the name that listings show. Reads /etc/passwd and /etc/group only. */
export const account = defineFact<AccountKey, AccountValue>({
  kind: "account",
  summary: "A user or group of the target: whether it exists and its number.",
  object: (key) => ("name" in key ? `${key.kind} ${key.name}` : key.kind),
  ...collected([namesScript, functions], (keys) =>
    joinShell([
      sh`_names=' ' _o=`,
      ...keys.map((key) => {
        const from = key.kind.endsWith("user") ? "u" : "g";
        return "name" in key ? sh`_account ${from} - ${key.name}` : sh`_account ${from} ${from}`;
      }),
    ]),
  ),
  read(stdout, keys) {
    const records = new Records(stdout, "account");
    const values = keys.map(() => readOne(records.line()));
    records.end();
    return values;
  },
  absent: ({ exists }) => !exists,
  brought: () => ({ exists: true }),
  enough: () => true,
  write(_key, { exists, id, name }) {
    if (id === undefined) return exists ? undefined : "-\n";
    if (!exists) return `${id}\n`;
    return name === undefined ? undefined : `${id} ${name}\n`;
  },
});

function readOne(line: string): AccountValue {
  if (line === "-") return { exists: false };
  const [, id, name] = /^(\d+)(?: ([^ ]+))?$/.exec(line) ?? [];
  if (id === undefined) throw new Error(`account: unexpected record ${JSON.stringify(line)}`);
  return name === undefined ? { exists: false, id: Number(id) } : { exists: true, id: Number(id), name };
}
