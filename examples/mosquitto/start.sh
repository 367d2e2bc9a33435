#!/bin/sh
# start.sh CONFIGURATION USERS HASHED: hashes the passwords, and becomes the broker.
set -e
cp "$2" "$3"
mosquitto_passwd -U "$3"
exec mosquitto -c "$1"
