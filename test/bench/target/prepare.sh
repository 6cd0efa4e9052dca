#!/bin/sh
# Ten small daemons, and two files whose lines are edited: what the 100 tasks work on. Run once, as root.
set -eu
for n in 0 1 2 3 4 5 6 7 8 9; do
  printf '[Unit]\nDescription=Daemon %s of the benchmark\n\n[Service]\nExecStart=/usr/bin/sleep infinity\n' $n \
    > "/etc/systemd/system/bench-daemon-$n.service"
done
mkdir -p /etc/bench /usr/lib/bench
for n in 1 2 3 4 5 6 7 8 9; do printf 'setting_%s = %s\n' $n $n; done > /usr/lib/bench/lines.conf
cp /usr/lib/bench/lines.conf /etc/bench/a.conf
cp /usr/lib/bench/lines.conf /etc/bench/b.conf
