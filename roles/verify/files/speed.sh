# How fast a large file comes through the edge. HOST, FILE; BASELINE in Mbit/s; SESSION has the cookies of a login, where one was made.
need curl "a large file comes faster than $BASELINE Mbit/s"
touch "$SESSION/jar"
told=$(curl --silent --show-error --cookie "$SESSION/jar" --output /dev/null --max-time "$SECONDS_AT_MOST" --user-agent "rempart-verify/$MARK" \
    --write-out '%{http_code} %{size_download} %{speed_download}' "https://$HOST$FILE" 2>"$work/why")
read -r code size speed <<TOLD
$told
TOLD
check="a large file comes faster than $BASELINE Mbit/s"
case $code in
    200|206) ;;
    000) say failed "$check" "no answer: $(cat "$work/why")"; exit 0 ;;
    *) say "not tried" "$check" "$FILE gave $code: no login was made, or there is no such file"; exit 0 ;;
esac
figures=$(printf '%s %s\n' "${size%%.*}" "$speed" | tr , . | awk '{ printf "%.1f %.1f", $2 * 8 / 1000000, $1 / 1000000 }')
mbps=${figures% *}
if [ "${size%%.*}" -lt 10000000 ]; then verdict="not tried"; note=": too small to tell, 10 MB are wanted"
elif awk -v now="$mbps" -v was="$BASELINE" 'BEGIN { exit !(now > was) }'; then verdict=passed; note=
else verdict=failed; note=; fi
say "$verdict" "$check" "$mbps Mbit/s over ${figures#* } MB through the edge, beside $BASELINE before$note"
