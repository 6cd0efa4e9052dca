/**
 * Shell text that calls `rp_q` every second until its output was the same for `hold` seconds, or `within` seconds are over,
 * and leaves it in `rp_o`. BusyBox sleeps only whole seconds.
 */
export function settling({ hold, within }: { readonly hold: number; readonly within: number }): string {
  return `rp_o=$(rp_q 2>/dev/null; echo .) rp_i=0 rp_j=0
while [ $rp_i -lt ${Math.ceil(hold)} ] && [ $rp_j -lt ${Math.ceil(within)} ]; do
sleep 1
rp_j=$((rp_j+1)) rp_n=$(rp_q 2>/dev/null; echo .)
if [ "$rp_n" = "$rp_o" ]; then rp_i=$((rp_i+1)); else rp_i=0 rp_o=$rp_n; fi
done
`;
}
