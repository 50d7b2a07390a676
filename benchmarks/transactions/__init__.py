"""What a transaction costs, beside the same terms by hand: `python -m benchmarks.transactions`."""
