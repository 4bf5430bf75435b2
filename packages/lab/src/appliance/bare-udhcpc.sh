#!/bin/sh
case $1 in
bound | renew)
	ip address replace "$ip/$mask" dev "$interface"
	ip route replace default via "$router" dev "$interface"
	;;
esac
