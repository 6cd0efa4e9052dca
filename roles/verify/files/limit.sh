# One address asks again and again, until WHO makes it wait. AT: where a name leads, when not where DNS says (its certificate is then not looked at).
check="$WHO makes wait who asks $LIMITED too often"
need curl "$check"
url="https://$HOST$LIMITED"
set --
[ -z "${AT:-}" ] || set -- --insecure --resolve "$HOST:443:$AT"
ask "$@" "$url"
if [ "$code" = 000 ]; then
    say "not tried" "$check" "$(answer)"
    exit 0
fi
if curl --help all 2>/dev/null | grep -q -e --parallel-max; then side="--parallel --parallel-max 8"; else side=; fi
awk -v url="$url" -v times="$TIMES" 'BEGIN { while (times-- > 0) printf "url = \"%s\"\noutput = \"/dev/null\"\n", url }' >"$work/many"
# shellcheck disable=SC2086
curl --silent $side --max-time 60 --user-agent "rempart-verify/$MARK" --write-out '%{http_code}\n' "$@" --config "$work/many" >"$work/codes" 2>"$work/why"
held=$(grep -c '^429' "$work/codes")
ask "$@" "$url"
if [ "$held" -eq 0 ]; then say failed "$check" "$TIMES requests in one go, and none got 429; the last: $(answer)"
elif [ "$code" = 429 ] && [ "$layer" != "$WHO" ]; then say failed "$check" "$held of $TIMES requests got 429, but $(answer)"
else say passed "$check" "$held of $TIMES requests got 429"; fi
