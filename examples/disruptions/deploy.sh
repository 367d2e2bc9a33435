#!/bin/sh
# Whatever a deploy is: here the keeper of the service is told to begin it anew.
set -eu
echo "deploying"
kill -s HUP "$(cat "$1")"
