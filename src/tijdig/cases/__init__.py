"""What stops or bends dunning: disputes, promises, plans, holds, extensions, reasons."""
