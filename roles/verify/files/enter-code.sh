# Enters the code (standard input) at the page that ask-code left in SESSION. OPENS: hosts whose list names the address. SHUT: the others with a login.
read -r pin
cp "$SESSION/page" "$work/body"
url=$(cat "$SESSION/url")
if ! send code "$pin"; then
    say failed "the code opens $HOST" "the page behind the address has no field for a code"
    exit 0
fi
inside() {
    ask --location --cookie "$SESSION/jar" --cookie-jar "$SESSION/jar" "https://$1/"
    case $url in */cdn-cgi/access/*) layer="the login"; return 1 ;; esac
    case $code in 2??|401) return 0 ;; *) return 1 ;; esac
}
for host in $OPENS; do
    if inside "$host"; then say passed "$host answers behind the login" "$(answer)"
    elif [ "$host" != "$HOST" ] && [ "$code" = 200 ]; then say "not tried" "$host answers behind the login" "it wants a code of its own"
    else say failed "$host answers behind the login" "$(answer)"; fi
done
for host in $SHUT; do
    if inside "$host"; then say failed "$host stays shut for others" "$(answer), though its list does not name the address"
    elif [ "$code" = 403 ]; then say passed "$host stays shut for others" "$(answer)"; fi
done
