#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The guard killed 200 times in each of its troubles, where the other suites do it 12 times.
# KILLS=N: so many times.
KILLS=${KILLS:-200} exec "$(dirname "$0")/../cli/guard-kill.t"
