# What Jellyfin says of itself does not hold the router's address. UPSTREAMS: HOST ADDRESS:PORT, one a line.
need curl "/System/Info/Public does not hold the router's address"
printf '%s\n' "$UPSTREAMS" | while read -r host upstream; do
    check="$host: /System/Info/Public does not hold the router's address"
    ask "http://$upstream/System/Info/Public"
    if [ "$code" != 200 ]; then say "not tried" "$check" "the application itself: $(answer)"
    elif tells "$work/body"; then say failed "$check" "$(cat "$work/body")"
    else say passed "$check" "asked the application itself"; fi
done
