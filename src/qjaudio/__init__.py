"""Turn a day's printed newspaper into a Mandarin podcast."""

import logging
import os

__version__ = "0.2.0"

# What libraries would tell their makers about this computer, off before any of them is imported,
# here and in every process that we start: onnxruntime (from 1.32 a device id, events over HTTPS),
# huggingface_hub (comes with faster-whisper). See docs/explanation/supply-chain.md.
for _switch in ("ORT_DISABLE_TELEMETRY", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
    os.environ[_switch] = "1"

logging.getLogger(__name__).addHandler(logging.NullHandler())
