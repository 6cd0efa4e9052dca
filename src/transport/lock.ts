import type { LockHolder, LockRequest } from "../kernel/target.ts";

/** A lock that nobody renewed for this long is stale, whatever else it says. Seconds. */
const lifetime = 3600;
/** A lock older than this is renewed with the next script. Seconds. */
const renewal = 600;

/** What the script said of the lock. */
export type LockSaid =
  | { readonly status: "taken" }
  /** Another run holds it: nothing was done. */
  | { readonly status: "held"; readonly by: LockHolder }
  /** It was only looked for, and another run holds it. */
  | { readonly status: "seen"; readonly by: LockHolder }
  /** No lock can be made on this host. */
  | { readonly status: "none" };

/**
 * Where the lock lies: all who may write to /run share one, anybody else has one of his own. /run is empty after a reboot,
 * and so is /tmp on most hosts; elsewhere the missing process tells that the lock is stale.
 */
const pickFile = (folder: string): string =>
  `if [ -w ${folder} ]; then rp_f=${folder}/rempart.lock; elif [ -w /var/run ]; then rp_f=/var/run/rempart.lock; else rp_f=/tmp/rempart-$(id -u).lock; fi`;

/**
 * The lock is a symbolic link whose target is its text: made in one step that fails when it is there, and read in one.
 * A second shell of the same run, where the user's text is run, stands beside it in `.work`.
 * `rp_born` sets rp_z to when process $1 was started, in the kernel's own ticks. `rp_held` is true when another run that lives holds
 * lock $1, or one that is known to be dead while its shell still works at something (`rp_busy`); rp_mine tells that it is ours,
 * taken through another shell. The process named in the lock is the kept shell, which ends with the connection.
 */
const functions = (
  { run, over = "none" }: LockRequest,
  now: number,
  folder: string,
): string => `rp_born() { rp_z=; { read -r rp_z </proc/$1/stat; } 2>/dev/null || return 1; set -f; set -- \${rp_z##*) }; set +f; [ "$1" != Z ] || return 1; shift 19; rp_z=$1; }
rp_busy() { [ -d /proc/$1 ] || return 1; rp_c=busy; { read -r rp_c </proc/$1/task/$1/children || [ -n "$rp_c" ] || rp_c=; } 2>/dev/null; [ -n "$rp_c" ]; }
rp_others() { rp_l="$rp_f $rp_f.work"; [ "$rp_f" = ${folder}/rempart.lock ] || rp_l="${folder}/rempart.lock ${folder}/rempart.lock.work $rp_l"; for rp_t in $rp_l; do if rp_held "$rp_t"; then return 0; fi; done; return 1; }
rp_held() { rp_mine=; rp_h=$(readlink "$1" 2>/dev/null) || return 1; rp_v=$IFS IFS=:; set -f; set -- $rp_h; set +f; IFS=$rp_v
[ "$1" = rempart ] && [ "$4" -gt ${now} ] 2>/dev/null || return 1
if [ -r /proc/self/stat ]; then rp_born "$5" && [ "$rp_z" = "$6" ]; else kill -0 "$5" 2>/dev/null; fi || return 1
[ "$2" != ${run} ] || { [ "$5" = $PPID ] || rp_mine=1; return 1; }
[ "$2" != ${over} ] || rp_busy "$5" || return 1
rp_s="$2 $3 $4 $7 $8"; }
${pickFile(folder)}
`;

/** Shell text that looks for the lock, and takes it when that is wanted. Ends the script when another run holds it. */
export function lockScript(request: LockRequest, folder: string, now = Date.now()): string {
  const seconds = Math.floor(now / 1000);
  const asked = functions(request, seconds, folder);
  if (!request.take) return `${asked}if rp_others; then rp_m "$rp_k l seen $rp_s $rp_t"; fi\n`;
  const text = `rempart:${request.run}:${Math.floor(request.started / 1000)}:${seconds + lifetime}:$PPID:$rp_z:${word(request.owner)}:${word(request.runner)}`;
  // The shell of a run that has just ended may live for a moment still: who is held up looks twice.
  // A stale lock is moved away before it is removed, so that of two runs that find one only one gets its place.
  return `${asked}rp_y=0 rp_u=none; rp_born $PPID; rp_n="${text}"
while [ $rp_y -lt 5 ]; do rp_y=$((rp_y + 1))
if rp_others; then rp_u="held $rp_s $rp_t"; [ $rp_y -eq 1 ] || break; sleep 1; continue; fi
if ln -s "$rp_n" "$rp_f" 2>/dev/null; then rp_u=taken; break; fi
rp_held "$rp_f" && continue; [ -z "$rp_mine" ] || { ln -sfn "$rp_n" "$rp_f.work" 2>/dev/null; rp_u=taken; break; }; [ -L "$rp_f" ] || continue
mv -f "$rp_f" "$rp_f.${request.run}" 2>/dev/null || continue
rp_g=$(readlink "$rp_f.${request.run}"); rm -f "$rp_f.${request.run}"; [ "$rp_g" = "$rp_h" ] || ln -s "$rp_g" "$rp_f"
done
rp_m "$rp_k l $rp_u"; case $rp_u in held*) exit 0;; esac
`;
}

/** Said to the kept shell that holds the lock: when it ends, its lock goes with it. */
export function unlockAtEnd(run: string, folder: string): string {
  return `rp_bye='${pickFile(folder)}; for rp_f in "$rp_f" "$rp_f.work"; do case $(readlink "$rp_f" 2>/dev/null) in rempart:${run}:*:"$$":*) rm -f "$rp_f";; esac; done'\n`;
}

/** Reads the words of the script's mark. */
export function readLock(words: readonly string[]): LockSaid {
  const [status, run = "", started, expires, owner = "", runner = "", file = ""] = words;
  if (status === "taken" || status === "none") return { status };
  const by = { run, owner, runner, file, started: new Date(Number(started) * 1000), expires: new Date(Number(expires) * 1000) };
  return { status: status === "seen" ? "seen" : "held", by };
}

/** Why nothing was done, and the way out. */
export function lockedOut(by: LockHolder): { readonly why: string; readonly help: string; readonly lockedBy: LockHolder } {
  return {
    why: `another run is at work on this host: that of ${by.owner}, since ${clock(by.started)}`,
    help: `wait for it (--wait); when it is known to be dead, remove ${by.file} on the host; it counts as left over from ${clock(by.expires)} on`,
    lockedBy: by,
  };
}

/** Local time; the controller that holds the lock may stand elsewhere, so the zone is told. */
function clock(at: Date): string {
  return at.toLocaleString("en-GB", { dateStyle: "short", timeStyle: "long" });
}

/** One word of a mark and of the lock's text. */
function word(owner: string): string {
  return owner.replace(/[^A-Za-z0-9_.@-]/g, "-").slice(0, 64) || "unknown";
}

/** What a target knows of its own lock: whether the next script of this identity has to take it, renew it, or look for it. */
export class Locks<Shell> {
  readonly #held = new Map<string, { readonly shell: Shell; readonly renew: number }>();
  #looked = false;

  due(request: LockRequest, as: string, shell: Shell): boolean {
    if (!request.take) return !this.#looked;
    const held = this.#held.get(as);
    return held?.shell !== shell || Date.now() > held.renew;
  }

  /** The script that held the lock's text came back with this. */
  told(said: LockSaid | undefined, request: LockRequest, as: string, shell: Shell): void {
    if (!request.take) this.#looked = true;
    else if (said?.status === "taken" || said?.status === "none") this.#held.set(as, { shell, renew: Date.now() + renewal * 1000 });
  }
}
