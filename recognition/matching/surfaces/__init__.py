"""Find deviations from good parts: patches in, residuals and a threshold out."""
