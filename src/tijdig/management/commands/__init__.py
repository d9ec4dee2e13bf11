"""One command per file, thin: arguments in, one call, a result out."""
