import { quote } from "../../kernel/sh.ts";
import type { Undo } from "../../kernel/undo.ts";

/** What a guarded block keeps on the host: below /var/lib, so that it is still there after a reboot, and for root alone. */
const home = "/var/lib/rempart/guard";
/** Larger files are not kept. Bytes. */
const largest = 64 * 1024 * 1024;

const folderOf = (id: string): string => `${home}/${id}`;
const unitOf = (id: string): string => `rempart-guard-${id}`;

/** Puts back now and waits for it: as the unit, which goes on when the connection is cut, or where there is none by itself. */
const start = (unit: string, folder: string): string =>
  `{ [ -d /run/systemd/system ] && systemctl start "${unit}.service"; } || sh "${folder}/undo.sh"`;

/** Gives the guard up: its units and all that was kept. */
const forget = (id: string): string => `if [ -d /run/systemd/system ]; then
systemctl -q disable ${unitOf(id)}.timer ${unitOf(id)}.service
systemctl stop ${unitOf(id)}.timer
rm -f /etc/systemd/system/${unitOf(id)}.timer /etc/systemd/system/${unitOf(id)}.service
systemctl daemon-reload
fi 2>/dev/null
rm -rf ${folderOf(id)}
`;

/** `keep N PATH`: a copy of the file or link with all its attributes, the attributes of a folder, or nothing where nothing is. */
const keep = `keep() {
mkdir "$1" || return 1
if [ -L "$2" ] || [ -f "$2" ]; then
set -- "$1" "$2" $(ls -ldn "$2")
[ "$7" -le ${largest} ] || { echo "$2 is too large to be kept for the undo of a guarded block: $7 bytes" >&2; return 1; }
cp -a "$2" "$1/copy"
elif [ -d "$2" ]; then
ls -ldn "$2" | awk '{ for (i = 0; i < 3; i++) { p = substr($1, 2 + 3 * i, 3); x = substr(p, 3)
m = m ((p ~ /^r/) * 4 + (p ~ /^.w/) * 2 + (x ~ /[xst]/)); s += (x ~ /[sStT]/) * (i ? 3 - i : 4) }; print s m, $3, $4 }' >"$1/folder"
elif [ -e "$2" ]; then echo "$2 is neither a file nor a folder: it cannot be kept for the undo of a guarded block" >&2; return 1
fi
}
`;

/** The program that puts everything back; it may be started again where it was cut off. */
function undoScript(id: string, { paths, run }: Undo): string {
  return `#!/bin/sh
# Written by Rempart: puts back what a guarded block changed, unless it is proved in time that the host can still be reached.
trap '' 1
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
cd ${folderOf(id)} 2>/dev/null || exit 0
mv armed undoing 2>/dev/null || [ -e undoing ] || exit 0
exec </dev/null >said 2>&1
umask 077
no() { echo "$*" >>failed; }
back() {
if [ -L "$1/copy" ] || [ -f "$1/copy" ]; then
t="\${2%/*}/.rempart-${id}-$1"
rm -f "$t"; cp -a "$1/copy" "$t" || { no "$2"; return; }
if [ -L "$2" ]; then rm -f "$2"; elif [ -d "$2" ]; then rmdir "$2"; fi
mv -f "$t" "$2" || no "$2"
elif [ -f "$1/folder" ]; then
read -r m o g <"$1/folder"
{ [ -d "$2" ] || mkdir "$2"; } && chown "$o:$g" "$2" && chmod "0$m" "$2" || no "$2"
elif [ -d "$2" ] && [ ! -L "$2" ]; then rmdir "$2" || no "$2"
else rm -f "$2" || no "$2"
fi
}
run() { if command -v timeout >/dev/null; then timeout 60 "$@"; else "$@"; fi || no "$*"; }
: >failed
${paths
  .map((path, i) => `back ${i} ${quote(path)}\n`)
  .reverse()
  .join("")}${run.map((words) => `run ${words.map(quote).join(" ")}\n`).join("")}sync
mv failed ../${id}.undone
cd /
${forget(id)}`;
}

/**
 * Keeps the paths from number `from` on, and writes the undo of all. The first time (`from` 0 and `within` given) it also starts the clock:
 * a timer of systemd that a reboot does not stop, or a detached shell. What an earlier run left armed is put back before.
 */
export function armScript(id: string, undo: Undo, from: number, within?: number): string {
  const kept = undo.paths.slice(from).map((path, i) => `keep ${from + i} ${quote(path)} || return 1\n`);
  const first = within !== undefined;
  return `${keep}arm() {
[ "$(id -u)" = 0 ] || { echo "a guarded block acts as root: add become: true to it" >&2; return 1; }
umask 077
${first ? `${leftOver}mkdir -p ${home} && mkdir ${folderOf(id)} || return 1\n` : ""}cd ${folderOf(id)} && ${first ? ":" : "[ -e armed ]"} || { echo "${late}" >&2; return 1; }
${kept.join("")}cat >undo.new <<'END-OF-UNDO'
${undoScript(id, undo)}END-OF-UNDO
mv undo.new undo.sh || return 1
${first ? clock(id, within) : `[ -e armed ] || { echo "${late}" >&2; return 1; }\n`}}
arm </dev/null || { r=$?; ${first ? `[ ! -d ${folderOf(id)} ] || { cd /; ${forget(id)}}; ` : ""}exit $r; }
`;
}

const late = "the time of the guarded block is over: the host has begun to put everything back";

const leftOver = `for o in ${home}/*/; do
[ -d "$o" ] || continue
o=\${o%/}; o=\${o##*/}
if [ -e "${home}/$o/armed" ] || [ -e "${home}/$o/undoing" ]; then ${start(`rempart-guard-$o`, `${home}/$o`)}; fi
rm -rf "${home}/$o"
done
for o in ${home}/*.undone; do
[ -e "$o" ] || continue
echo "what a guarded block of an earlier run had changed was put back, since it was not proved"
cat "$o"; rm -f "$o"
done
`;

/** Everything is on the disk before the clock starts. The unit runs at once after a boot, the timer in any case. */
function clock(id: string, within: number): string {
  const unit = `/etc/systemd/system/${unitOf(id)}`;
  const what = "Description=Puts back what a guarded block of Rempart changed";
  return `: >armed
if [ -d /run/systemd/system ]; then
umask 022
cat >${unit}.service <<'END-OF-UNIT' && cat >${unit}.timer <<'END-OF-TIMER' || return 1
[Unit]
${what}
After=network.target ssh.service sshd.service ufw.service
[Service]
Type=oneshot
ExecStart=/bin/sh ${folderOf(id)}/undo.sh
[Install]
WantedBy=multi-user.target
END-OF-UNIT
[Unit]
${what}
[Timer]
OnActiveSec=${within}
AccuracySec=1
[Install]
WantedBy=timers.target
END-OF-TIMER
sync ./* ./*/* ${unit}.service ${unit}.timer 2>/dev/null || sync
systemctl -q enable ${unitOf(id)}.service ${unitOf(id)}.timer && systemctl start ${unitOf(id)}.timer || return 1
else
( trap '' 1; n=0
while [ $n -lt ${within} ]; do sleep 1; [ -e armed ] || exit 0; n=$((n + 1)); done
exec sh ./undo.sh ) >/dev/null 2>&1 3<&- 4<&- 5<&- 6<&- 7<&- 8<&- 9<&- &
fi
`;
}

/** Stops the clock. Fails when that is too late. */
export function disarmScript(id: string): string {
  return `mv ${folderOf(id)}/armed ${folderOf(id)}/proved 2>/dev/null || { echo "${late}" >&2; exit 1; }
${forget(id)}`;
}

/** Puts everything back now, or waits for it where it is under way; what was never armed has done nothing. Prints what could not be put back, a line for each. */
export function undoNowScript(id: string): string {
  const folder = folderOf(id);
  return `ready() { [ -e ${folder}/armed ] || [ -e ${folder}/undoing ]; }
n=0; while [ -d ${folder} ] && ! ready && [ $n -lt 10 ]; do sleep 1; n=$((n + 1)); done
if ready; then
{ ${start(unitOf(id), folder)}; } </dev/null >/dev/null 2>&1
n=0; while [ -d ${folder} ] && [ $n -lt 60 ]; do sleep 1; n=$((n + 1)); done
elif [ ! -f ${folder}.undone ]; then
${forget(id)}exit 0
fi
[ -f ${folder}.undone ] || { echo "the undo did not come to its end: see ${folder} on the host" >&2; exit 1; }
cat ${folder}.undone
rm -f ${folder}.undone
`;
}
