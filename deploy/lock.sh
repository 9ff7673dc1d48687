#!/usr/bin/env bash
# Write requirements.lock anew: what the image installs, each file by its hash. `make lock` calls it.
# Torch and what comes with it are left out: which build it is depends on the machine (see Dockerfile).
set -euo pipefail
cd "$(dirname "$0")/.."

with_torch=(torch torchvision triton cuda-bindings cuda-pathfinder cuda-toolkit)
for part in cublas cuda-cupti cuda-nvrtc cuda-runtime cudnn-cu13 cufft cufile curand cusolver cusparse \
    cusparselt-cu13 nccl-cu13 nvjitlink nvshmem-cu13 nvtx; do
    with_torch+=("nvidia-$part")
done
"${UV:-uv}" pip compile pyproject.toml --quiet --universal --python-version 3.11 --extra s3 \
    --generate-hashes --no-emit-index-url --no-annotate --no-header \
    "${with_torch[@]/#/--no-emit-package=}" --output-file requirements.lock "$@"
