#!/bin/sh
# Prints what the 100 tasks led to, so that the programs can be held to the same end state; run as root.
set -eu
cd /srv/bench
find . -exec stat -c '%n %F %a %U %G' {} + | sort
find . -type f -exec sha256sum {} + | sort -k 2
cat /etc/bench/a.conf /etc/bench/b.conf
for n in 0 1 2 3 4; do
  getent passwd "bench-user-$n" | cut -d : -f 1,6,7
  id -gn "bench-user-$n"
done
tr -d ' ' < /etc/sysctl.d/60-bench.conf | grep = | sort
cat /proc/sys/net/ipv4/conf/default/*redirects /proc/sys/net/ipv4/conf/default/rp_filter
systemctl is-active bench-daemon-0 bench-daemon-1 bench-daemon-2 bench-daemon-3 bench-daemon-4 bench-daemon-5 bench-daemon-6 \
  bench-daemon-7 bench-daemon-8 bench-daemon-9
