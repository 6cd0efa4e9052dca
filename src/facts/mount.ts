import { defineFact } from "../kernel/fact.ts";
import { sh } from "../kernel/sh.ts";
import { readRecords, tabFields, wholeNumber } from "./lines.ts";

/** A place in the tree, and what is wanted there. */
export interface MountKey {
  readonly path: string;
  /** What it is to be compared with: a device, `UUID=...`, `nas:/export`, `tmpfs`, or for a bind mount a folder. */
  readonly src?: string;
  readonly fstype?: string;
  readonly bind?: true;
}

/** What is mounted at a path. Sources are as the kernel writes them: a blank is `\040`. */
export interface Mount {
  /** A trigger of autofs alone does not count. */
  readonly mounted: boolean;
  readonly source: string;
  readonly fstype: string;
  /** Options of this mount: `rw,nosuid,relatime`. null in a prediction: known when it is mounted. */
  readonly options: string | null;
  /** How many are mounted there, one over the other. */
  readonly layers: number;
  /** It is of the source that was asked for. */
  readonly wanted: boolean;
  /** What stands there while nothing is mounted; a mounted file system is not touched, as a dead server would hold us. */
  readonly point: "" | "absent" | "directory" | "link" | "other";
}

export const notMounted: Mount = { mounted: false, source: "", fstype: "", options: "", layers: 0, wanted: false, point: "absent" };

/** A name as the kernel and fstab write it. */
export function mountName(name: string): string {
  return name.replace(/[\\ \t]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, "0")}`);
}

/**
 * Four words a key: path, source, type, "bind" or "-". A bind mount shows the device of the file system that it comes from, and the folder in that.
 * A word without / : = is a name that means nothing (`tmpfs`, `none`): there the type decides.
 */
const program = String.raw`
function strip(p) { while (length(p) > 1 && p ~ /\/$/) p = substr(p, 1, length(p) - 1); return p }
function real(p, cmd, r) {
  if (p ~ /^UUID=/) p = "/dev/disk/by-uuid/" substr(p, 6)
  else if (p ~ /^LABEL=/) p = "/dev/disk/by-label/" substr(p, 7)
  else if (p ~ /^PARTUUID=/) p = "/dev/disk/by-partuuid/" substr(p, 10)
  else if (p ~ /^PARTLABEL=/) p = "/dev/disk/by-partlabel/" substr(p, 11)
  if (p !~ /^\/dev\// || p ~ /['\\]/) return strip(p)
  cmd = "readlink -f '" p "' 2>/dev/null"; r = ""; cmd | getline r; close(cmd)
  return r == "" ? p : r
}
function backing(p, r) {
  if (p !~ /^\/dev\/loop[0-9]+$/) return ""
  r = ""; getline r < ("/sys/block/" substr(p, 6) "/loop/backing_file"); return r
}
function covers(p, src) { return p == "/" || p == src || index(src, p "/") == 1 }
function sameFolder(at, src, i, best, rest, want) {
  best = 0
  for (i = 1; i <= n; i++) if (i != at && point[i] != point[at] && covers(point[i], src) && (!best || length(point[i]) >= length(point[best]))) best = i
  if (!best || device[best] != device[at]) return 0
  rest = point[best] == "/" ? src : substr(src, length(point[best]) + 1)
  want = (root[best] == "/" ? "" : root[best]) rest
  return root[at] == (want == "" ? "/" : want)
}
function wanted(at, src, type, bind) {
  if (src == "") return 0
  if (bind == "bind") return sameFolder(at, strip(src))
  if (src !~ /[\/:=]/) return fstype[at] == type
  return real(src) == real(source[at]) || src == backing(source[at])
}
BEGIN {
  while ((getline line < "/proc/self/mountinfo") > 0) {
    m = split(line, f, " "); for (k = 7; k < m && f[k] != "-"; k++) ;
    if (f[k + 1] == "autofs") continue
    n++; device[n] = f[3]; root[n] = f[4]; point[n] = f[5]; options[n] = f[6]; fstype[n] = f[k + 1]; source[n] = f[k + 2]
    gsub(/\\043/, "#", source[n])
    if (f[k + 3] ~ /^ro(,|$)/) sub(/^rw/, "ro", options[n])
    last[f[5]] = n; layers[f[5]]++
  }
  for (a = 1; a < ARGC; a += 4) {
    at = last[ARGV[a]]
    if (!at) print "?"
    else print source[at] "\t" fstype[at] "\t" options[at] "\t" layers[ARGV[a]] "\t" (wanted(at, ARGV[a + 1], ARGV[a + 2], ARGV[a + 3]) ? "yes" : "no")
  }
}`;

/** `mount({ path: "/srv/media", src: "nas:/media" })`: what the kernel has mounted there; one awk for all paths. */
export const mount = defineFact<MountKey, Mount>({
  kind: "mount",
  summary: "What is mounted at a path, and whether it is of the wanted source.",
  object: ({ path }) => path,
  script: (keys) => sh`awk ${program} ${keys.flatMap(words)} | for _p in ${keys.map(({ path }) => path)}; do
IFS= read -r _l
if [ "$_l" != '?' ]; then printf '%s\n' "$_l"
elif [ -L "$_p" ]; then echo '?link'
elif [ -d "$_p" ]; then echo '?directory'
elif [ -e "$_p" ]; then echo '?other'
else echo '?absent'; fi; done`,
  read: (stdout, keys) => readRecords("mount", stdout, keys, readMount),
  absent: ({ mounted }) => !mounted,
  enough: () => true,
  ifChanged: ({ path }, value, object) =>
    !value.mounted && object === `path ${path}` ? { ...value, point: value.point === "absent" ? "directory" : "absent" } : undefined,
  write(_key, m) {
    if (!m.mounted) return `?${m.point}\n`;
    if (m.options === null) return undefined;
    return `${[m.source, m.fstype, m.options, m.layers, m.wanted ? "yes" : "no"].join("\t")}\n`;
  },
});

function words({ path, src = "", fstype = "-", bind }: MountKey): string[] {
  return [mountName(path), mountName(src), fstype, bind ? "bind" : "-"];
}

function readMount(line: string): Mount {
  if (line.startsWith("?")) return { ...notMounted, point: line.slice(1) as Mount["point"] };
  const [source = "", fstype = "", options = "", layers = "", wanted] = tabFields(line, 5);
  return { mounted: true, source, fstype, options, layers: wholeNumber(layers), wanted: wanted === "yes", point: "" };
}
