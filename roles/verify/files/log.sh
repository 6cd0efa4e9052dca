# What the server has seen of visitors from elsewhere: nothing. A request of its own shows first that the log would tell.
need curl "the server saw nothing of them"
if [ ! -r "$LOG" ]; then
    say "not tried" "the server saw nothing of them" "$LOG cannot be read"
    exit 0
fi
ask --insecure --resolve "$HOST:443:127.0.0.1" "https://$HOST/own-$MARK"
sleep 1
own=$(grep -c "own-$MARK" "$LOG")
theirs=$(grep -c "elsewhere-$MARK" "$LOG")
if [ "$theirs" -gt 0 ]; then say failed "the server saw nothing of them" "$theirs of their requests are in $LOG"
elif [ "$own" -eq 0 ]; then say "not tried" "the server saw nothing of them" "a request of this machine is not in $LOG either, so it tells nothing"
else say passed "the server saw nothing of them" "$LOG holds a request of this machine and none of theirs"; fi
