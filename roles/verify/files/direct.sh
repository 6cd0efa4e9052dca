# Who asks the router's address itself gets nothing. WAN: the addresses; HOSTS: names that are asked for there; PORTS: others that must be shut.
need curl "the router's address answers nobody"
reached() { curl --silent --insecure --output /dev/null --connect-timeout 6 --max-time 9 --write-out '%{time_connect}' "$1" 2>/dev/null | grep -q '[1-9]'; }
for wan in $WAN; do
    case $wan in
        *:*) at="[$wan]"
            if ! ip -6 route get 2606:4700::1 >/dev/null 2>&1; then say "not tried" "$wan answers nobody" "this machine has no IPv6"; continue; fi ;;
        *) at=$wan ;;
    esac
    for port in 80 443 $PORTS; do (if reached "http://$at:$port/"; then echo "$port"; fi) & done >"$work/open"
    wait
    for way in "https 443" "http 80"; do
        port=${way#* }
        if ! grep -qx "$port" "$work/open"; then
            say passed "$wan does not answer on port $port" "no connection"
            continue
        fi
        for host in $HOSTS; do
            check="$wan does not answer for $host on port $port"
            ask --insecure --resolve "$host:$port:$at" "${way% *}://$host/$MARK-direct"
            if grep -q 'required SSL certificate' "$work/body"; then
                say seen "$wan refuses who asks for $host without the edge's certificate" "and shows so that it is there: let the firewall admit the edge's ranges only"
            elif [ "$code" = 000 ]; then say passed "$check" "$(answer)"
            else say failed "$check" "$(answer)"; fi
        done
    done
    # openssl has no bound of its own, and a firewall that drops would keep it for minutes.
    if ! grep -qx 443 "$work/open"; then say passed "$wan shows no certificate" "no connection"
    elif have openssl; then
        shown=$(openssl s_client -connect "$at:443" -noservername </dev/null 2>/dev/null | openssl x509 -noout -subject 2>/dev/null)
        if [ -n "$shown" ]; then say failed "$wan shows no certificate" "$shown"
        else say passed "$wan shows no certificate" "to who does not know the names"; fi
        first=${HOSTS%% *}
        shown=$(openssl s_client -connect "$at:443" -servername "$first" </dev/null 2>/dev/null | openssl x509 -noout -subject 2>/dev/null)
        [ -z "$shown" ] || say seen "$wan shows a certificate to who asks for $first" "let the firewall admit the edge's ranges only"
    else say "not tried" "$wan shows no certificate" "openssl is missing on this machine"; fi
    others=$(grep -vxe 80 -e 443 "$work/open" | sort -n | tr '\n' ' ')
    if [ -n "$others" ]; then say failed "the other ports of $wan are shut" "open: $others"
    else say passed "the other ports of $wan are shut" "$PORTS"; fi
done
