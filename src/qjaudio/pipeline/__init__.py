"""The whole job, step by step; the only place that sees every layer.

`reading` a location into an issue, `scripting` the issue, `voicing` the script, `making` the
episode out of all of them, `publishing` what is finished.
"""
