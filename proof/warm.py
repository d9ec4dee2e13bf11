"""Loads, once for all forks, what the work needs: a fork then begins within milliseconds."""

import gc

import tijdig.config.tasks
import tijdig.dunning.actions.days
import tijdig.messaging.channels.email
import tijdig.messaging.channels.letter
import tijdig.timeline.actions
import tijdig.web.receiving

__all__ = ["tijdig"]

# What was loaded stays; a fork that looks for garbage in it would copy all of its memory.
gc.collect()
gc.freeze()
