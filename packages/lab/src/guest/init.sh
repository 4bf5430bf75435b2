#!/bin/busybox sh
# The first process of a guest, in its initramfs: mounts the machine's root directory, which QEMU shares read-only, below
# a file system in memory that takes all writes, and goes on there with start.sh. Modules come in the order of /modules.
set -eu
export PATH=/bin
/bin/busybox --install -s /bin
mount -t proc proc /proc
while read -r module; do insmod "/lib/$module"; done </modules

mount -t tmpfs -o mode=0755 tmpfs /memory
mkdir /memory/upper /memory/work
mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=loose,ro root /lower
mount -t overlay -o lowerdir=/lower,upperdir=/memory/upper,workdir=/memory/work root /root

mount -t proc proc /root/proc
mount -t sysfs sysfs /root/sys
mount -t devtmpfs devtmpfs /root/dev
mkdir -p /root/dev/pts /root/dev/shm
mount -t devpts -o ptmxmode=0666 devpts /root/dev/pts
mount -t tmpfs tmpfs /root/dev/shm
mount -t tmpfs -o mode=0755 tmpfs /root/run
mkdir -p /root/run/netns /root/run/lock /root/run/guest /root/lib/modules
. /settings
mount --bind "/root$modules_folder" /root/lib/modules
cp /bin/busybox /start.sh /settings /root/run/guest/
# Where it is seen on a stage, too, which has a /run of its own.
mkdir -p /root/usr/local/lib/router7-guest
cp -r /strip-types-hook.mjs /stripped /root/usr/local/lib/router7-guest/
exec switch_root /root /run/guest/busybox sh /run/guest/start.sh
