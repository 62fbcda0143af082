"""Engines: who speaks. Each fits `qjaudio.speech.model.Engine`; retry, check and cache wrap one."""
