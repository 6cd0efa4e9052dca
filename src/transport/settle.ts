/** How often the question is asked while it settles, where the target can sleep for less than a second. Seconds. */
const pace = 0.5;

/**
 * Shell text that calls `rp_q` again and again until its output was the same for `hold` seconds, or `within` seconds are over,
 * and leaves it in `rp_o`. Some BusyBox sleeps only whole seconds: there it is asked every second.
 */
export function settling({ hold, within }: { readonly hold: number; readonly within: number }): string {
  const times = (seconds: number): number => Math.ceil(seconds / pace);
  return `rp_q 2>/dev/null; rp_n=$rp_o rp_i=0 rp_j=0 rp_step=1
while [ $rp_i -lt ${times(hold)} ] && [ $rp_j -lt ${times(within)} ]; do
[ $rp_step = 1 ] && sleep ${pace} 2>/dev/null || { sleep 1; rp_step=${times(1)}; }
rp_q 2>/dev/null; rp_j=$((rp_j+rp_step))
if [ "$rp_n" = "$rp_o" ]; then rp_i=$((rp_i+rp_step)); else rp_i=0 rp_n=$rp_o; fi
done
`;
}
