# Who comes from an allowed country is asked to log in, or, where an application has no login, gets its answer. APPS: NAME HOST yes|no (login), one a line.
need curl "the applications answer"
printf '%s\n' "$APPS" | while read -r name host guarded; do
    ask "https://$host/"
    if [ "$guarded" = no ]; then
        case $code in
            2??|3??|401) say passed "$host answers" "$(answer)" ;;
            *) say failed "$host answers" "$(answer)" ;;
        esac
        continue
    fi
    colo=$(header cf-ray | sed 's/.*-//')
    if [ "$layer" != "the login" ]; then
        say failed "$host asks for a login" "$(answer), and no login"
        continue
    fi
    ask --location --cookie "" "https://$host/"
    if [ "$code" = 200 ] && [ -n "$(form email)" ]; then
        say passed "$host asks for a login" "a page that sends a code to an e-mail address${colo:+, from the edge at $colo}"
    else
        say failed "$host asks for a login" "$(answer), and no page that asks for an e-mail address"
    fi
done
