# SPDX-License-Identifier: ISC
# Readers of Parquet and Arrow that others wrote, and one of our own: `load peers`, and `find_peers` in setup_file. The packages come
# from the npm registry, once, into build/peers; SW_NODE_MODULES names a node_modules folder that has them. Where they cannot be had,
# tests that call them are skipped.
# shellcheck shell=bash

DUCKDB=@duckdb/node-api@1.5.6-r.1
ARROW=apache-arrow@21.2.0

# For setup_file: without the packages NO_PEERS says so.
find_peers() {
  install_peers || export NO_PEERS='no @duckdb/node-api and apache-arrow: npm could not install them, and SW_NODE_MODULES is not set'
}

install_peers() {
  local folder=$TREE/build/peers
  [ -z "${SW_NODE_MODULES:-}" ] || return 0
  command -v npm >/dev/null || return 1
  export SW_NODE_MODULES=$folder/node_modules
  mkdir -p "$folder"
  (
    flock 9
    [ -e "$folder/whole" ] || {
      timeout 120 npm install --prefix "$folder" --no-audit --no-fund --fetch-retries=0 "$DUCKDB" "$ARROW" >"$folder/log" 2>&1 &&
        touch "$folder/whole"
    }
  ) 9>"$folder/lock"
}

parquet_reader() {
  python3 "$BATS_TEST_DIRNAME/parquet_reader.py" "$@"
}

duckdb() {
  [ -z "${NO_PEERS:-}" ] || skip "$NO_PEERS"
  node "$BATS_TEST_DIRNAME/export_duckdb.mjs" "$@"
}

arrow() {
  [ -z "${NO_PEERS:-}" ] || skip "$NO_PEERS"
  node "$BATS_TEST_DIRNAME/export_arrow.mjs" "$@"
}
