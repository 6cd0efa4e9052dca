# A visitor from elsewhere is stopped by the edge. HOSTS: the names.
need curl "visitors from elsewhere are stopped at the edge"
for host in $HOSTS; do
    ask "https://$host/elsewhere-$MARK"
    case $code$layer in
        "403the edge") say passed "$host stops visitors from $COUNTRY at the edge" "$(answer)" ;;
        *) say failed "$host stops visitors from $COUNTRY at the edge" "$(answer)" ;;
    esac
done
