#!/bin/sh
# Prints the nanoseconds of CPU that this container has used since it started.
if [ -e /sys/fs/cgroup/cpu.stat ]; then
  awk '$1 == "usage_usec" { print $2 * 1000 }' /sys/fs/cgroup/cpu.stat
else
  # The machine's whole tree is mounted; ours is where the first process is.
  cat "/sys/fs/cgroup/cpuacct$(sed -n 's/^[0-9]*:[^:]*cpuacct[^:]*://p' /proc/1/cgroup)/cpuacct.usage"
fi
