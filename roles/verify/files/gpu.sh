# Transcoding on the card against the processors, with the ffmpeg of the container. SYS: the kernel's view of the devices.
check="the card transcodes faster than the processors"
card=
for device in "$SYS"/bus/pci/devices/*; do
    [ "$(cat "$device/vendor" 2>/dev/null)" = 0x10de ] || continue
    case $(cat "$device/class") in 0x0300*|0x0302*) card=$(cat "$device/device") ;; esac
done
if [ -z "$card" ]; then
    say "not tried" "$check" "no NVIDIA card on the PCI bus"
    exit 0
fi
need docker "$check"
# speed CODEC: how many times faster than it plays. The picture is made by ffmpeg itself, so no film is read.
speed() {
    docker exec "$CONTAINER" "$FFMPEG" -hide_banner -nostdin -benchmark -f lavfi -i testsrc2=size=1920x1080:rate=30 -t 20 -c:v "$1" -f null - 2>"$work/said" &&
        tr '\r' '\n' <"$work/said" | sed -n 's/.*speed= *\([0-9.]*\)x.*/\1/p' | tail -n 1
}
processors=$(speed libx264) || { say "not tried" "$check" "$(tail -n 1 "$work/said")"; exit 0; }
cards=$(speed h264_nvenc) || { say failed "$check" "the card: $(tail -n 1 "$work/said")"; exit 0; }
if awk -v a="$cards" -v b="$processors" 'BEGIN { exit !(a > b) }'; then verdict=passed; else verdict=failed; fi
say $verdict "$check" "1080p to H.264: the card $cards times as fast as it plays, the processors $processors times"
