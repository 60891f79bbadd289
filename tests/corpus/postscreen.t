#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# postern postscreen on the three corpora: unique clients and totals of every action.
cd "$(dirname "$0")" || exit 1
exec python3 ./postscreen.py
