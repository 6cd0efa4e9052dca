import { Shell } from "../kernel/sh.ts";

/** The kinds of archives, by the end of their names. */
export const archiveKinds = ["tar", "tar.gz", "tar.xz", "tar.bz2", "tar.zst", "zip"] as const;
export type ArchiveKind = (typeof archiveKinds)[number];

/** The kind that a name tells, or undefined. */
export function archiveKindOf(name: string): ArchiveKind | undefined {
  const [, end = ""] = /\.(tar(?:\.(?:gz|xz|bz2|zst))?|tgz|txz|tbz2|tzst|zip)$/.exec(name.toLowerCase()) ?? [];
  return archiveKinds.find((kind) => kind === end.replace(/^t([a-z])(\w+)$/, (all, x, rest) => (all === "tar" ? all : `tar.${x}${rest}`)));
}

/** More members than this are no answer. */
export const mostMembers = 20_000;

/**
 * Takes the lines of a verbose listing (of GNU tar, BusyBox's tar or unzip -Z, all in UTC) and prints four lines for each member that is to
 * be unpacked: `MODE SIZE SECONDS`, its name below the folder, the target of a link, its name in the archive. Or one line `!why` where a
 * member would land elsewhere, or a line is none of a listing: then nothing of the archive can be trusted.
 */
const listing = `
function epoch(d, t,   y, m, e, a) {
  y = substr(d, 1, 4) + 0; m = substr(d, 6, 2) + 0
  if (m <= 2) y--
  e = int(y / 400); a = y - e * 400
  a = a * 365 + int(a / 4) - int(a / 100) + int((153 * (m + (m > 2 ? -3 : 9)) + 2) / 5) + substr(d, 9, 2) - 1
  return sprintf("%.0f", (e * 146097 + a - 719468) * 86400 + substr(t, 1, 2) * 3600 + substr(t, 4, 2) * 60 + substr(t, 7, 2))
}
function bare(n) { while (n ~ /^[.]\\//) n = substr(n, 3); sub(/\\/+$/, "", n); return n == "." ? "" : n }
function outside(n) { return n ~ /^\\// || n ~ /(^|\\/)[.][.](\\/|$)/ }
function stop(text) { print "!" text; stopped = 1; exit }
BEGIN { keep = ENVIRON["rp_keep"]; drop = ENVIRON["rp_drop"]; strip = ENVIRON["rp_strip"] + 0; zip = ENVIRON["rp_kind"] == "zip"; gnu = ENVIRON["rp_tar"] == "gnu" }
/lone zero block/ { next }
/^tar: [Rr]emoving leading/ { stop("it would unpack outside of the folder: " $0) }
zip && (/^Archive:/ || /^Zip file size:/ || /^[0-9]+ files?, /) { next }
{
  target = ""
  if (zip) {
    if ($7 !~ /^[0-9]+[.][0-9]+$/) stop("a line of its listing is not understood: " $0)
    mode = length($1) == 10 ? $1 : (($0 ~ /\\/$/) ? "d" : "-") "?????????"
    # unzip gives no set-id bits.
    head = substr(mode, 1, 1); mode = substr(mode, 2); gsub(/[st]/, "x", mode); gsub(/[ST]/, "-", mode); mode = head mode
    size = $4; at = index($0, " " $7 " ") + length($7) + 2
    seconds = epoch(substr($7, 1, 4) "-" substr($7, 5, 2) "-" substr($7, 7, 2), substr($7, 10, 2) ":" substr($7, 12, 2) ":" substr($7, 14, 2))
  } else {
    if ($1 !~ /^[-dlhbcps][-r][-w][-xsS][-r][-w][-xsS][-r][-w][-xtT]$/ || $4 !~ /^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]$/) stop("a line of its listing is not understood: " $0)
    mode = $1; size = $3; at = index($0, " " $4 " " $5 " ") + length($4) + length($5) + 3
    seconds = epoch($4, $5)
  }
  name = substr($0, at)
  if (mode ~ /^[bcps]/) stop("it holds a device or a pipe: " name)
  arrow = index(name, " -> "); to = index(name, " link to ")
  if (mode ~ /^h/ && to) { target = substr(name, to + 9); name = substr(name, 1, to - 1) }
  else if (!zip && (mode ~ /^l/ || (!gnu && arrow))) {
    if (!arrow) stop("a line of its listing is not understood: " $0)
    target = substr(name, arrow + 4); name = substr(name, 1, arrow - 1)
    if (index(target, " -> ")) stop("the name of a link is not clear: " $0)
    if (mode !~ /^l/) mode = "h" substr(mode, 2)
  }
  own = name; name = bare(name)
  if (outside(name) || (mode ~ /^h/ && outside(target))) stop("it would unpack outside of the folder: " own)
  if (name == "") next
  if (mode ~ /^l/) link[name] = 1
  for (up = name; sub(/\\/[^\\/]*$/, "", up); ) filled[up] = 1
  if (name in number) { i = number[name] } else { i = ++count; number[name] = i; names[i] = name }
  modes[i] = mode; sizes[i] = size; times[i] = seconds; targets[i] = target; owns[i] = own
}
END {
  if (stopped) exit
  if (count > ${mostMembers}) { print "!it holds more than ${mostMembers} files"; exit }
  for (i = 1; i <= count; i++) for (up = names[i]; sub(/\\/[^\\/]*$/, "", up); ) if (up in link) { print "!it would unpack through a link of its own: " names[i]; exit }
  for (i = 1; i <= count; i++) {
    name = names[i]
    if (keep != "" && name !~ keep) continue
    if (drop != "" && name ~ drop) continue
    if ((keep != "" || drop != "") && modes[i] ~ /^d/ && (name in filled)) continue
    gone = 0
    for (n = 0; n < strip; n++) if (!sub(/^[^\\/]*\\//, "", name)) gone = 1
    if (gone || name == "") continue
    print modes[i], sizes[i], times[i]; print name; print targets[i]; print owns[i]
  }
}`.trim();

/**
 * `_members ARCHIVE KIND STRIP KEEP DROP` prints the members as above. `_opened` prints the tar inside; it says so on descriptor 4 when the
 * archive is not whole.
 */
export const memberFunctions: Shell = Shell.trusted(`_opener() {
  case $1 in tar) _with=cat ;; tar.gz) _with='gzip -dc' ;; tar.xz) _with='xz -dc' ;; tar.bz2) _with='bzip2 -dc' ;; tar.zst) _with='zstd -dcq' ;; *) _with=unzip ;; esac
  command -v \${_with%% *} >/dev/null 2>&1 || { echo "!\${_with%% *} is not on this host, and $1 needs it"; return 1; }
}
_opened() { $_with <"$1" 2>/dev/null || [ $? -gt 128 ] || echo 'the archive is damaged' >&4; }
_flavour() { case $(tar --version 2>/dev/null) in *'GNU tar'*) _tar=gnu ;; *) _tar=busybox ;; esac; }
_members() {
  _opener "$2" || return 0
  _flavour
  if [ "$2" = zip ]; then
    unzip -v 2>/dev/null | grep -q '^UnZip' || { echo '!the unzip of this host has no zipinfo: install unzip'; return 0; }
    TZ=UTC unzip -Z -T "$1" 2>&1
  else
    _words=; [ $_tar != gnu ] || _words='--full-time --numeric-owner --quoting-style=literal'
    { _opened "$1" | TZ=UTC tar $_words -tvf - 2>&1; } 4>&1
  fi | rp_kind=$2 rp_strip=$3 rp_keep=$4 rp_drop=$5 rp_tar=$_tar awk '${listing}'
}
`);
