#!/bin/sh
# Start of the bare image: the same work as a router's, done by busybox alone. What each of its commands costs, the appliance
# has to do as well.
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mkdir -p /dev/pts
while read -r module; do insmod "/lib/$module"; done </modules
. /settings
for card in /sys/class/net/*; do
	case $(cat "$card/address") in
	"$uplink") ip link set "${card##*/}" name uplink0 ;;
	"$lan") ip link set "${card##*/}" name lan0 ;;
	esac
done
ip link set lo up
ip address add "$address" dev lan0
ip link set lan0 up
ip link set uplink0 up
echo 1 >/proc/sys/net/ipv4/ip_forward
udhcpd -a 1 /udhcpd.conf
udhcpc -i uplink0 -s /udhcpc-script -b -S -t 100 -T 1 >/dev/null 2>&1 &
