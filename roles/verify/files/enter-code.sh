# Enters the code (standard input) at the page that ask-code left in SESSION. GUARDED: applications with a login, HOST and who is listed, one a line.
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
small() { printf %s "$1" | tr '[:upper:]' '[:lower:]'; }
printf '%s\n' "$GUARDED" | while read -r host people; do
    listed=no
    for one in $people; do if [ "$(small "$one")" = "$(small "$EMAIL")" ]; then listed=yes; fi; done
    if inside "$host"; then open=yes; else open=no; fi
    case $listed$open:$code in
        yesyes:*) say passed "$host answers behind the login" "$(answer)" ;;
        yesno:200)
            if [ "$host" = "$HOST" ]; then say failed "$host answers behind the login" "$(answer)"
            else say "not tried" "$host answers behind the login" "it wants a code of its own"; fi ;;
        yesno:*) say failed "$host answers behind the login" "$(answer)" ;;
        noyes:*) say failed "$host stays shut for others" "$(answer), though its list does not name the address" ;;
        nono:403) say passed "$host stays shut for others" "$(answer)" ;;
    esac
done
