"""What every layer relies on: types, errors, configuration, cores, the process's end."""
