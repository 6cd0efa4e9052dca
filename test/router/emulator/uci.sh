#!/bin/sh
# Emulator of OpenWrt's uci, never seen on hardware: written from its manual page. It knows the few commands that are used, and is
# strict about them: named sections, quoted values, and staged changes that count only when they are committed.
# Committed: /etc/config/NAME as lines `section=kind` and `section.option='value'`. Staged: /tmp/.uci/NAME as commands.
quiet=; if [ "$1" = -q ]; then quiet=1; shift; fi
say() { [ -n "$quiet" ] || echo "uci: $*" >&2; exit 1; }
mkdir -p /tmp/.uci /etc/config

# The lines of a configuration with the staged commands done.
merged() {
  cat "/etc/config/$1" "/tmp/.uci/$1" 2>/dev/null | awk '
  function drop(name, i) { for (i = 1; i <= n; i++) if (key[i] == name || index(key[i], name ".") == 1) key[i] = "" }
  function put(name, value, i) { for (i = 1; i <= n; i++) if (key[i] == name) { val[i] = value; return } key[++n] = name; val[n] = value }
  /^-/ { drop(substr($0, 2)); next }
  { at = index($0, "="); put(substr($0, 1, at - 1), substr($0, at + 1)) }
  END { for (i = 1; i <= n; i++) if (key[i] != "") print key[i] "=" val[i] }'
}

stage() {
  case $2 in firewall.*|dhcp.*) ;; *) say "Entry not found: $2" ;; esac
  file=${2%%.*}; rest=${2#*.}; name=${rest%%=*}; section=${name%%.*}
  case $section in ''|*[!A-Za-z0-9_]*) say "Parse error: $2" ;; esac
  if [ "$1" = delete ]; then
    merged "$file" | grep -q "^$name=" || say "Entry not found: $2"
    echo "-$name" >> "/tmp/.uci/$file"
  else
    case $name in *.*) merged "$file" | grep -q "^$section=" || say "Invalid argument: $2"
      case ${rest#*=} in \'*\') ;; *) say "Parse error: $2" ;; esac ;;
    esac
    echo "$rest" >> "/tmp/.uci/$file"
  fi
}

commit() {
  merged "$1" > "/tmp/.uci/$1.new" && mv "/tmp/.uci/$1.new" "/etc/config/$1" && rm -f "/tmp/.uci/$1"
}

# How a test breaks a run off: `N before|after` in /run/cut.
breaks() {
  [ -e /run/cut ] || return 0
  read -r left when < /run/cut
  [ "$1" = "$when" ] || return 0
  left=$((left - 1)); echo "$left $when" > /run/cut
  if [ $left = 0 ]; then rm /run/cut; kill -9 $PPID; exit 1; fi
}

case $1 in
show) merged "$2" | sed "s/^/$2./" ;;
changes) [ ! -e "/tmp/.uci/$2" ] || sed "s/^-/-$2./; t; s/^/$2./" "/tmp/.uci/$2" ;;
get) case $2 in firewall.*|dhcp.*) merged "${2%%.*}" | sed -n "s/^${2#*.}='\(.*\)'$/\1/p" ;; *) say "Entry not found" ;; esac ;;
revert) rm -f "/tmp/.uci/$2" ;;
commit) commit "$2" ;;
batch)
  breaks before
  while read -r verb words; do
    case $verb in set|delete) stage "$verb" "$words" ;; commit) commit "$words" ;; *) say "Unknown command: $verb" ;; esac
  done
  breaks after ;;
*) say "Unknown command: $*" ;;
esac
