# Before every probe. POSIX; beside curl and openssl nothing that BusyBox does not have.
# A probe prints findings: VERDICT, CHECK and what was SEEN, with tabs between. Verdicts: passed, failed, not tried, seen.
set -u
umask 077
tab=$(printf '\t')
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

say() { printf '%s\t%s\t%s\n' "$1" "$2" "$(printf %s "$3" | tr '\t\r\n' '   ' | cut -c1-300)"; }
# tells FILE...: whether they hold one of the router's addresses (PATTERNS, one a line).
tells() { printf '%s\n' "$PATTERNS" >"$work/patterns"; grep -qEf "$work/patterns" "$@"; }
have() { command -v "$1" >/dev/null 2>&1; }
need() {
    have "$1" && return
    say "not tried" "$2" "$1 is missing on this machine"
    exit 0
}

# ask ARGUMENTS-OF-CURL: sets code (000: no answer), url where it ended, why there was no answer, and layer, which answered.
ask() {
    : >"$work/head"
    : >"$work/body"
    told=$(curl --silent --show-error --max-time 25 --connect-timeout 8 --user-agent "rempart-verify/$MARK" \
        --output "$work/body" --dump-header "$work/head" --write-out '%{http_code} %{url_effective}' "$@" 2>"$work/why")
    code=${told%% *}
    url=${told#* }
    why=$(sed 's/^curl: //' "$work/why")
    layer=$(layer_of)
}

# header NAME: of the last answer.
header() {
    tr -d '\r' <"$work/head" | awk -v name="$1" '/^HTTP\// { value = "" }
        tolower(substr($0, 1, length(name) + 1)) == name ":" { value = substr($0, length(name) + 2); sub(/^ +/, "", value) }
        END { print value }'
}

# Cloudflare marks each of its answers with cf-ray, and those that a server gave with cf-cache-status as well.
layer_of() {
    case $code:$url:$(header location) in
        000:*) echo nobody ;;
        *:*/cdn-cgi/access/*) echo "the login" ;;
        *) if grep -q '<center>nginx' "$work/body"; then echo nginx
            elif [ -n "$(header cf-cache-status)" ]; then echo "the application"
            elif grep -qiE "not have access to this|have permission to view this" "$work/body"; then echo "the login"
            elif [ -n "$(header cf-ray)" ]; then echo "the edge"
            elif header server | grep -qi nginx; then echo "the application"
            else echo "a server that does not say who it is"; fi ;;
    esac
}

answer() { if [ "$code" = 000 ]; then echo "no answer: $why"; else echo "$code from $layer"; fi; }

# form KIND: the form of the last answer that asks for an e-mail address or a code. First where it goes, then its hidden fields, then the field that is asked for.
form() {
    tr '\n' ' ' <"$work/body" | awk -v kind="$1" '
        BEGIN { RS = "<" }
        function part(name,   at) {
            at = match($0, "[ \t]" name "=(\"[^\"]*\"|\047[^\047]*\047|[^ >\"\047]+)")
            if (!at) return ""
            at = substr($0, RSTART + length(name) + 2, RLENGTH - length(name) - 2)
            gsub(/^["\047]|["\047]$/, "", at)
            gsub(/&#x2[fF];|&#47;/, "/", at); gsub(/&quot;|&#34;/, "\"", at); gsub(/&#x3[dD];/, "=", at); gsub(/&amp;/, "\\&", at)
            return at
        }
        tolower($1) == "form" || tolower($1) ~ /^form>/ { action = part("action"); hidden = ""; wanted = "" }
        tolower($1) == "input" {
            name = part("name"); type = tolower(part("type"))
            if (kind == "email" ? (type == "email" || name == "email") : (name ~ /^(code|pin|otp)$/)) wanted = name
            else if (type == "hidden") hidden = hidden "field\t" name "\t" part("value") "\n"
        }
        tolower($1) ~ /^\/form/ && wanted != "" { printf "action\t%s\n%swanted\t%s\n", action, hidden, wanted; exit }'
}

# send KIND VALUE: fills the form of the last answer in and sends it. The value is in no list of processes.
send() {
    form "$1" >"$work/form"
    [ -s "$work/form" ] || return 1
    printf %s "$2" >"$work/value"
    action=$(sed -n "s/^action$tab//p" "$work/form")
    origin=$(printf %s "$url" | sed 's|^\(https*://[^/]*\).*|\1|')
    case $action in
        https://*|http://*) ;;
        "") action=$url ;;
        /*) action=$origin$action ;;
        *) action=$(printf %s "$url" | sed 's|[?#].*||; s|/[^/]*$|/|')$action ;;
    esac
    set --
    number=0
    while IFS=$tab read -r what name value; do
        number=$((number + 1))
        case $what in
            field) printf %s "$value" >"$work/field$number"; set -- "$@" --data-urlencode "$name@$work/field$number" ;;
            wanted) set -- "$@" --data-urlencode "$name@$work/value" ;;
        esac
    done <"$work/form"
    ask --location --cookie "$SESSION/jar" --cookie-jar "$SESSION/jar" "$@" "$action"
}
