# Points apt at the mirror that this machine uses itself.
set -eu
[ -n "$MIRROR" ] || exit 0
rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e "$keyring" ] || keyring=/usr/share/keyrings/debian-archive-keyring.pgp
{
  printf 'Types: deb\nURIs: %s\nSuites: %s %s-updates\nComponents: main\nSigned-By: %s\n' "$MIRROR" "$SUITE" "$SUITE" "$keyring"
  if [ -n "$SECURITY_MIRROR" ]; then
    printf '\nTypes: deb\nURIs: %s\nSuites: %s-security\nComponents: main\nSigned-By: %s\n' "$SECURITY_MIRROR" "$SUITE" "$keyring"
  fi
} > /etc/apt/sources.list.d/debian.sources
