# What Jellyfin says of itself does not hold the router's address. UPSTREAMS: HOST ADDRESS:PORT, one a line.
need curl "/System/Info/Public does not hold the router's address"
printf '%s\n' "$UPSTREAMS" | while read -r host upstream; do
    check="$host: /System/Info/Public does not hold the router's address"
    ask "http://$upstream/System/Info/Public"
    found=
    for one in $WAN; do if grep -qF "$one" "$work/body"; then found=yes; fi; done
    if [ "$code" != 200 ]; then say "not tried" "$check" "the application itself: $(answer)"
    elif [ -n "$found" ]; then say failed "$check" "$(cat "$work/body")"
    else say passed "$check" "asked the application itself"; fi
done
