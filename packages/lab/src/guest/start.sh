# The first process of a guest once its root directory is there: loads the modules that were asked for, runs the command
# with its output going to ports 1 and 2 and its results to port 4, tells its exit status on port 3, and switches the guest off.
. /run/guest/settings
export PATH=$command_path HOME=/root TMPDIR=/tmp ROUTER7_GUEST=1
# Whatever the hook does not know fails, and is not stripped by Node itself.
export NODE_OPTIONS="--import=/usr/local/lib/router7-guest/strip-types-hook.mjs --no-strip-types"
cd "$working_directory"
ip link set lo up
status=0
for module in $modules; do
	modprobe "$module" 2>/dev/vport0p2 || status=126
done
if [ $status = 0 ]; then
	eval "set -- $command"
	"$@" </dev/null >/dev/vport0p1 2>/dev/vport0p2 4>/dev/vport0p4 || status=$?
fi
echo $status >/dev/vport0p3
/run/guest/busybox poweroff -f
