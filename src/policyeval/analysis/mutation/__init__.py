"""Changes made to a policy on purpose, to see whether its golden cases notice."""
