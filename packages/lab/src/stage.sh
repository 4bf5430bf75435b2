#!/bin/sh
# Runs a command on a stage of its own: called as process 1 of new mount, network and process namespaces (and of a user
# namespace when the caller is not root), it gives the command a root directory with the machine's programs and private,
# empty /perm, /run and /tmp. Everything made on the stage ends with its process 1, however that ends.
#
# usage: stage.sh REPOSITORY EXCHANGE COMMAND [ARGUMENT ...]
#   REPOSITORY stays visible at its own path, EXCHANGE is a directory that becomes /run/lab
set -eu
repository=$1
exchange=$2
shift 2

root=$exchange/root
mkdir "$root"
mount -t tmpfs -o mode=0755 tmpfs "$root"
for entry in /*; do
	name=${entry#/}
	case $name in
	perm | run | tmp | proc) ;;
	*)
		if [ -L "$entry" ]; then
			cp -P "$entry" "$root/"
		elif [ -d "$entry" ]; then
			mkdir "$root/$name"
			mount --rbind "$entry" "$root/$name"
		fi
		;;
	esac
done
mkdir -p "$root/perm" "$root/run/netns" "$root/run/lock" "$root/run/lab" "$root/tmp" "$root/proc"
chmod 1777 "$root/tmp"
mount -t proc proc "$root/proc"
mount --bind "$exchange" "$root/run/lab"
mkdir -p "$root$repository"
[ -e "$root$repository/package.json" ] || mount --rbind "$repository" "$root$repository"
# Names are asked of the name server of whoever asks, as on the router; the machine's own cannot be reached from here.
if [ -f "$root/etc/resolv.conf" ]; then
	echo 'nameserver 127.0.0.1' >"$root/run/resolv.conf"
	mount --bind "$root/run/resolv.conf" "$root/etc/resolv.conf"
fi
# Programs that keep leases or logs under /var must find it writable and must not touch the machine's own.
mount -t tmpfs -o mode=0755 tmpfs "$root/var/lib"
mkdir -p "$root/var/lib/dhcp" "$root/var/lib/dhcpcd" "$root/var/lib/kea" "$root/var/lib/misc"
cd /
exec chroot "$root" "$@"
