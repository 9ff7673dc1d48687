"""Operations, a package a noun: checks, transaction, audit, events on commit."""
