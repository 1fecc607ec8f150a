"""A simulated office: small campaigns lived through the real steps, by a faked clock, with faults."""
