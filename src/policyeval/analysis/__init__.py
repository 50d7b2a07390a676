"""Questions over policies: what changed, what is tested, what nobody would notice."""
