#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# damage.bats with a hundred bytes drawn by lot.

load ../helper

@test "damage: any byte, many times" {
  ROUNDS=${ROUNDS:-12} bats "$TREE/tests/damage.bats"
}
