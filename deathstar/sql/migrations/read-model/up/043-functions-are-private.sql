revoke all on all functions in schema projection from public;
