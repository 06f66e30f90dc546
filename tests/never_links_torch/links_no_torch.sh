#!/bin/sh
# links_no_torch.sh PROGRAM: fails when PROGRAM, or a library it loads, is part of libtorch.
libraries=$(ldd "$1") || exit 0 # A static program loads none.
if printf '%s\n' "$libraries" | grep -E '^[[:space:]]*lib(torch|c10|caffe2)'; then
  echo "$1 links libtorch" >&2
  exit 1
fi
