/**
 * Kills all that a process has started, not the process itself. Walks /proc by builtins: neither setsid nor timeout nor a
 * useful ps can be counted on. Who got away from its parent is not found.
 */
export function killTree(pid: string): Buffer {
  return Buffer.from(`rp_tree() {
rp_all=" ${pid} " rp_more=1
while [ -n "$rp_more" ]; do
rp_more=
for rp_d in /proc/[0-9]*; do
rp_p=\${rp_d#/proc/}
case $rp_all in *" $rp_p "*) continue ;; esac
rp_s=
{ read -r rp_s <"$rp_d/stat"; } 2>/dev/null
set -- \${rp_s##*\\) }
case $rp_all in *" \${2-none} "*) rp_all="$rp_all$rp_p " rp_more=1 ;; esac
done
done
rp_all=\${rp_all#" ${pid} "}
}
rp_tree
rp_first=$rp_all
kill -TERM $rp_first 2>/dev/null
sleep 1
rp_tree
kill -KILL $rp_first $rp_all 2>/dev/null
`);
}
