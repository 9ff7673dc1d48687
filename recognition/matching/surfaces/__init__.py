"""What deviates from good parts: patches in, residuals, a rate that is kept, and boxes out."""
