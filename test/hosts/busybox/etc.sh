# Lays out the root of the router-like host in /out.
set -eu
out=/out
mkdir -p $out/bin $out/sbin $out/usr/bin $out/usr/sbin $out/usr/lib/test-host $out/etc/dropbear $out/root $out/tmp $out/var $out/lib64 $out/dev $out/proc $out/sys
chmod 1777 $out/tmp
chmod 700 $out/root
cp /usr/bin/busybox $out/usr/lib/test-host/busybox
for name in $(cat /tmp/applets); do
  ln -s ../usr/lib/test-host/busybox "$out/bin/$name"
done
cp /usr/sbin/dropbear $out/usr/sbin/dropbear
cp /usr/bin/dropbearkey $out/usr/lib/test-host/dropbearkey
# Libraries at the paths that the loader looks at.
for file in $(ldd /usr/bin/busybox /usr/sbin/dropbear /usr/bin/dropbearkey | grep -o '/[^ ]*\.so[^ ]*' | sort -u) /lib/*-linux-gnu/libnss_files.so.2; do
  [ -e "$file" ] || continue
  mkdir -p "$out$(dirname "$file")"
  cp -L "$file" "$out$file"
done
cp /tmp/init $out/usr/lib/test-host/init
chmod 755 $out/usr/lib/test-host/init
cat > $out/etc/passwd <<'EOF'
root:x:0:0:root:/root:/bin/ash
daemon:*:1:1:daemon:/var:/bin/false
network:*:101:101:network:/var:/bin/false
nobody:*:65534:65534:nobody:/var:/bin/false
EOF
cat > $out/etc/group <<'EOF'
root:x:0:
daemon:x:1:
users:x:100:
network:x:101:
nogroup:x:65534:
EOF
echo 'root:*:20000:0:99999:7:::' > $out/etc/shadow
chmod 600 $out/etc/shadow
echo /bin/ash > $out/etc/shells
cat > $out/etc/os-release <<'EOF'
NAME="OpenWrt"
VERSION="24.10 (stand-in made of Debian's BusyBox)"
ID="openwrt"
ID_LIKE="lede openwrt"
PRETTY_NAME="OpenWrt-like test host"
VERSION_ID="24.10"
EOF
