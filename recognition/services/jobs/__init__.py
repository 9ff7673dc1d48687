"""Jobs: leased, ended, cancelled."""
