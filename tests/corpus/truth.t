#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The corpora against their ground truth.
cd "$(dirname "$0")" || exit 1
exec python3 ./truth.py rsyslog-newyear postlog-files rsyslog-dst debian13
