#!/bin/sh
# Undoes what a first run of the benchmark did; run as root, outside of the measured time.
set -eu
rm -rf /srv/bench
systemctl stop 'bench-daemon-*.service'
for n in 0 1 2 3 4; do
  if id "bench-user-$n" >/dev/null 2>&1; then userdel --remove "bench-user-$n" 2>/dev/null; fi
  if getent group "bench-group-$n" >/dev/null; then groupdel "bench-group-$n"; fi
done
cp /usr/lib/bench/lines.conf /etc/bench/a.conf
cp /usr/lib/bench/lines.conf /etc/bench/b.conf
rm -f /etc/sysctl.d/60-bench.conf
for key in accept_redirects secure_redirects send_redirects accept_source_route log_martians rp_filter arp_ignore arp_announce \
    proxy_arp shared_media; do
  echo 0 > "/proc/sys/net/ipv4/conf/default/$key"
done
sync -f /etc
