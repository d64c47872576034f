# SPDX-License-Identifier: ISC
# Readers of Parquet and Arrow that others wrote, and one of our own: `load peers`, and `need_peers` in a test of the others. The
# packages come from the npm registry, once, into build/peers; SW_NODE_MODULES names a node_modules folder that has them. Where they
# cannot be had, the test is skipped.
# shellcheck shell=bash

DUCKDB=@duckdb/node-api@1.5.6-r.1
ARROW=apache-arrow@21.2.0
RUST=parquet-wasm@0.8.0

need_peers() {
  install_peers || skip 'no @duckdb/node-api and apache-arrow: npm could not install them, and SW_NODE_MODULES is not set'
}

# Of what Rust's parquet crate writes.
need_rust() {
  need_peers
  [ -d "$SW_NODE_MODULES/parquet-wasm" ] || skip 'no parquet-wasm'
}

install_peers() {
  local folder=$TREE/build/peers
  [ -z "${SW_NODE_MODULES:-}" ] || return 0
  command -v npm >/dev/null || return 1
  export SW_NODE_MODULES=$folder/node_modules
  mkdir -p "$folder"
  (
    flock 9
    [[ -e $folder/whole && -d $SW_NODE_MODULES/parquet-wasm ]] || {
      # once is enough of a try
      [ ! -e "$BATS_RUN_TMPDIR/no-peers" ] || exit 1
      touch "$BATS_RUN_TMPDIR/no-peers"
      timeout 120 npm install --prefix "$folder" --no-audit --no-fund --fetch-retries=0 "$DUCKDB" "$ARROW" "$RUST" >"$folder/log" 2>&1 &&
        touch "$folder/whole"
    }
  ) 9>"$folder/lock"
}

parquet_reader() {
  python3 "$BATS_TEST_DIRNAME/parquet_reader.py" "$@"
}

duckdb() {
  node "$BATS_TEST_DIRNAME/export_duckdb.mjs" "$@"
}

arrow() {
  node "$BATS_TEST_DIRNAME/export_arrow.mjs" "$@"
}
