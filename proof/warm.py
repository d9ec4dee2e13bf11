"""Loads, once for all forks, what the work needs: a fork then begins within milliseconds."""

import tijdig.config.tasks
import tijdig.dunning.actions.days
import tijdig.messaging.channels.email
import tijdig.messaging.channels.letter
import tijdig.timeline.actions
import tijdig.web.receiving

__all__ = ["tijdig"]
