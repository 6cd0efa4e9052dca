# Fills /var/cache/apt/archives. A name that a release does not have is left out.
set -eu
wanted="restic sqlite3 restic-rest-server msmtp-mta gpg-agent docker.io docker-cli docker-compose nginx ufw fail2ban python3-systemd unattended-upgrades apt-listchanges
  nftables openssl curl gpg jq rsync cron logrotate auditd apparmor libpam-pwquality needrestart acl xz-utils
  acct aide debsums libpam-tmpdir systemd-timesyncd"
names=
for name in $wanted; do
  case "$SUITE:$name" in bookworm:docker-compose) continue ;; esac
  if apt-cache show "$name" >/dev/null 2>&1; then names="$names $name"; fi
done
# Each by itself, with and without recommended packages: together they could leave alternatives out.
DEBIAN_FRONTEND=noninteractive apt-get install -q -y --download-only $names
for name in $names; do
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --download-only --no-install-recommends "$name" >/dev/null
done
