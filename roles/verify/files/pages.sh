# What the edge shows to everybody does not hold the router's address. HOSTS: names.
need curl "no answer holds the router's address"
for host in $HOSTS; do
    found=
    for path in / /System/Info/Public /cdn-cgi/trace; do
        ask "https://$host$path"
        if [ "$code" = 000 ]; then found="$found $path: $(answer)."
        elif tells "$work/head" "$work/body"; then found="$found $path shows it."; fi
    done
    if [ -n "$found" ]; then say failed "$host: no answer holds the router's address" "$found"
    else say passed "$host: no answer holds the router's address" "/, /System/Info/Public and /cdn-cgi/trace were read"; fi
    have openssl || { say "not tried" "$host: the certificate does not hold it" "openssl is missing on this machine"; continue; }
    openssl s_client -connect "$host:443" -servername "$host" </dev/null 2>/dev/null | openssl x509 -noout -text >"$work/certificate" 2>/dev/null
    names=$(grep -oE '(DNS|IP Address):[^,]*' "$work/certificate" | tr '\n' ' ')
    if [ ! -s "$work/certificate" ]; then say failed "$host: the certificate does not hold it" "no certificate is shown"
    elif tells "$work/certificate"; then say failed "$host: the certificate does not hold it" "$names"
    else say passed "$host: the certificate does not hold it" "$names"; fi
done
